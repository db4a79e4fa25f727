"""Barriers that are not ours: pymodbus servers over TCP and over a pseudo-terminal, lines between
that misbehave on request.

    with TcpDevice() as device, TcpLine(device) as line:
        … something connects to line.url …
        device.wait_for_write(0, ON)
        device.set_arm("open")

Every wait blocks on what it waits for, with a deadline. Needs python3-pymodbus 3.0.
"""
import asyncio
import logging
import os
import queue
import select
import socket
import struct
import threading
import tty

from pymodbus.datastore import (ModbusSequentialDataBlock, ModbusServerContext,
                                ModbusSlaveContext)
from pymodbus.framer.rtu_framer import ModbusRtuFramer
from pymodbus.pdu import ModbusRequest, ModbusResponse
from pymodbus.server.async_io import ModbusSerialServer, ModbusTcpServer

# It logs every connection that ends.
logging.getLogger("pymodbus").setLevel(logging.CRITICAL)

DEADLINE_S = 20
ON = 0xFF00
OFF = 0x0000

ARM_OPEN, ARM_CLOSED, PRESENCE, SAFETY, FAULT = range(5)  # discrete inputs of generic and relay8


class _Written(ModbusResponse):
    """Function 5 answers with what was written, whatever it was."""
    function_code = 5

    def __init__(self, address, value):
        super().__init__()
        self.address, self.value = address, value

    def encode(self):
        return struct.pack(">HH", self.address, self.value)


class _WriteAnyValue(ModbusRequest):
    """Function 5 as relay boards have it: any value, not only on and off."""
    function_code = 5
    _rtu_frame_size = 8

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.address = self.value = None

    def decode(self, data):
        self.address, self.value = struct.unpack(">HH", data)

    def execute(self, context):
        context.written.put((self.address, self.value))
        context.setValues(5, self.address, [self.value == ON])
        return _Written(self.address, self.value)


class Unit(ModbusSlaveContext):
    """One barrier's registers, zero-based, arm down; `written` are its (coil, value)s in order."""

    def __init__(self):
        size = 0x0300
        super().__init__(di=ModbusSequentialDataBlock(0, [False] * size),
                         co=ModbusSequentialDataBlock(0, [True] * size),
                         hr=ModbusSequentialDataBlock(0, [0] * size),
                         ir=ModbusSequentialDataBlock(0, [0] * size), zero_mode=True)
        self.written = queue.Queue()
        self.set_arm("closed")

    def set_input(self, address, on):
        self.setValues(2, address, [on])

    def set_registers(self, address, values, *, function=3):
        self.setValues(function, address, values)

    def set_arm(self, where):
        self.setValues(2, ARM_OPEN, [where == "open", where == "closed"])

    def wait_for_write(self, address, value):
        """Takes writes until this one; gives back how many others came before it."""
        others = 0
        while True:
            written = self.written.get(timeout=DEADLINE_S)
            if written == (address, value):
                return others
            others += 1

    def take_written(self):
        taken = []
        while not self.written.empty():
            taken.append(self.written.get_nowait())
        return taken


class _Server:
    """A pymodbus server on a thread of its own."""

    def __init__(self, units):
        self.units = units
        self._loop = self._server = self._thread = None

    def __getattr__(self, name):
        return getattr(self.units[1], name)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        started = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self._thread.start()
        assert started.wait(DEADLINE_S), "the Modbus server did not start"

    def _run(self, started):
        asyncio.set_event_loop(self._loop)
        context = ModbusServerContext(slaves=self.units, single=False)
        self._server = self._make(context)
        self._server.decoder.register(_WriteAnyValue)
        self._loop.run_until_complete(self._listen())
        self._loop.call_soon(started.set)
        self._loop.run_forever()

    def stop(self):
        if self._thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(DEADLINE_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(DEADLINE_S)
        self._thread = None
        self._loop.close()


class TcpDevice(_Server):
    def __init__(self, units=None):
        super().__init__(units or {1: Unit()})
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"tcp://127.0.0.1:{self.port}"

    def _make(self, context):
        return ModbusTcpServer(context, address=("127.0.0.1", self.port),
                               allow_reuse_address=True, ignore_missing_slaves=True)

    async def _listen(self):
        self._task = asyncio.ensure_future(self._server.serve_forever())
        await asyncio.wait_for(self._server.serving, DEADLINE_S)

    async def _end(self):
        for connection in list(self._server.active_connections.values()):
            connection.transport.abort()
        self._server.server.close()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


class SerialDevice(_Server):
    """Listens on a serial device, which somebody else has made."""

    def __init__(self, path, units=None):
        super().__init__(units or {1: Unit()})
        self._path = path

    def _make(self, context):
        return ModbusSerialServer(context, framer=ModbusRtuFramer, port=self._path, timeout=1,
                                  baudrate=9600, ignore_missing_slaves=True)

    async def _listen(self):
        await self._server.start()

    async def _end(self):
        self._server.transport.abort()


class _Line:
    """Passes requests and answers on. `on_answer(request, answer)` gives back what is passed on of
    an answer: bytes, a list of (delay in seconds, bytes), or None."""

    def __init__(self):
        self.on_answer = lambda request, answer: answer
        self.requests = queue.Queue()
        self._timers = []

    def _answer(self, write, request, answer):
        passed = self.on_answer(request, answer)
        if passed is None:
            return
        for delay, data in [(0, passed)] if isinstance(passed, bytes) else passed:
            if delay == 0:
                write(data)
            else:
                timer = threading.Timer(delay, write, (data,))
                timer.daemon = True
                self._timers.append(timer)
                timer.start()

    def _end_timers(self):
        for timer in self._timers:
            timer.cancel()


class TcpLine(_Line):
    """Between a client and a TcpDevice; each frame whole."""

    def __init__(self, device):
        super().__init__()
        self._device = device
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"
        self.connections = 0
        self._open = []

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._end_timers()
        self._listener.close()
        self.cut()

    def cut(self):
        for connected in self._open:
            try:
                connected.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self._open.clear()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._device.port))
            except OSError:
                return
            self.connections += 1
            self._open += [client, server]
            threading.Thread(target=self._serve, args=(client, server), daemon=True).start()

    def _serve(self, client, server):
        def write(data):
            try:
                client.sendall(data)
            except OSError:
                pass

        with client, server:
            try:
                while request := _frame(client):
                    self.requests.put(request)
                    server.sendall(request)
                    if answer := _frame(server):
                        self._answer(write, request, answer)
            except OSError:
                pass


def _frame(connection):
    header = _exactly(connection, 6)
    return header + _exactly(connection, struct.unpack(">H", header[4:])[0]) if header else b""


def _exactly(connection, count):
    data = b""
    while len(data) < count:
        more = connection.recv(count - len(data))
        if not more:
            return b""
        data += more
    return data


class SerialLine(_Line):
    """Two pseudo-terminals, with a wire between: `path` is our end, `device_path` the device's.
    With `echoes`, our end hears itself, as on an adapter for two wires."""

    def __init__(self, echoes=False):
        super().__init__()
        self.echoes = echoes
        self._ours, our_end = os.openpty()
        self._theirs, device_end = os.openpty()
        for end in (our_end, device_end):
            tty.setraw(end)
        self._ends = [our_end, device_end]
        self.path, self.device_path = os.ttyname(our_end), os.ttyname(device_end)
        self._wake, self._woken = os.pipe()
        self._thread = threading.Thread(target=self._carry, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._end_timers()
        os.write(self._woken, b"x")
        self._thread.join(DEADLINE_S)
        for descriptor in [self._ours, self._theirs, self._wake, self._woken, *self._ends]:
            os.close(descriptor)

    def _carry(self):
        request = b""
        while True:
            ready, _, _ = select.select([self._ours, self._theirs, self._wake], [], [])
            if self._wake in ready:
                return
            if self._ours in ready:
                request = _until_quiet(self._ours)
                self.requests.put(request)
                if self.echoes:
                    os.write(self._ours, request)
                os.write(self._theirs, request)
            if self._theirs in ready:
                self._answer(lambda data: os.write(self._ours, data), request,
                             _until_quiet(self._theirs))


def _until_quiet(descriptor, quiet_s=0.02):
    data = os.read(descriptor, 512)
    while select.select([descriptor], [], [], quiet_s)[0]:
        data += os.read(descriptor, 512)
    return data
