"""A barrier of the profile `generic` (docs/contract/modbus.md) on pymodbus: a peer that knows
nothing of how the gateway speaks Modbus.

    with Barrier() as barrier:
        lot_toml = barrier.toml("b1")
        barrier.wait_for_pulses(1)
        barrier.drive_through()

Its arm moves at once. Every wait blocks on what the gateway writes, with a deadline.
"""
import asyncio
import logging
import threading

from peers import DEADLINE_S, free_port
from pymodbus.datastore import (ModbusSequentialDataBlock, ModbusServerContext,
                                ModbusSlaveContext)
from pymodbus.server.async_io import ModbusTcpServer

# It calls every connection that ends an error.
logging.getLogger("pymodbus").setLevel(logging.CRITICAL)

COIL_OPEN, COIL_CLOSE = 0, 1
ARM_OPEN, ARM_CLOSED, PRESENCE, SAFETY, FAULT = range(5)


class _Coils(ModbusSequentialDataBlock):
    """Tells the barrier of every rising edge."""

    def __init__(self, on_edge):
        super().__init__(0, [0] * 16)
        self._on_edge = on_edge

    def setValues(self, address, values):
        before = self.getValues(address, len(values))
        super().setValues(address, values)
        for offset, (old, new) in enumerate(zip(before, values)):
            if new and not old:
                self._on_edge(address + offset)


class Barrier:
    def __init__(self, *, follows=True):
        self.port = free_port()
        self.follows = follows  # False: the arm is stuck
        self._changed = threading.Condition()
        self.open_pulses = 0
        self.close_pulses = 0
        self._inputs = ModbusSequentialDataBlock(0, [0] * 16)
        self._set(ARM_CLOSED, True)
        store = ModbusSlaveContext(di=self._inputs, co=_Coils(self._edge),
                                   hr=ModbusSequentialDataBlock(0, [0] * 16),
                                   ir=ModbusSequentialDataBlock(0, [0] * 16), zero_mode=True)
        self._context = ModbusServerContext(slaves={1: store}, single=False)
        self._loop = None
        self._thread = None

    def toml(self, name):
        """Its table of lot.toml, with times that no test has to wait for."""
        return (f'[[barriers]]\nid = "{name}"\nurl = "tcp://127.0.0.1:{self.port}"\n'
                'poll_ms = 20\npulse_ms = 100\nopen_timeout_ms = 2000\nclear_ms = 100\n')

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready)),
                                        daemon=True)
        self._thread.start()
        assert ready.wait(DEADLINE_S), "the barrier did not start"

    def stop(self):
        if self._thread is None:
            return
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(DEADLINE_S)
        self._thread = None

    async def _serve(self, ready):
        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        server = ModbusTcpServer(self._context, address=("127.0.0.1", self.port),
                                 allow_reuse_address=True)
        serving = asyncio.ensure_future(server.serve_forever())
        await server.serving
        ready.set()
        await self._ended.wait()
        await server.shutdown()
        serving.cancel()

    def _set(self, which, on):
        self._inputs.setValues(which, [1 if on else 0])

    def _edge(self, coil):
        with self._changed:
            if coil == COIL_OPEN:
                self.open_pulses += 1
                if self.follows:
                    self._set(ARM_CLOSED, False)
                    self._set(ARM_OPEN, True)
            if coil == COIL_CLOSE:
                self.close_pulses += 1
                self._set(ARM_OPEN, False)
                self._set(ARM_CLOSED, True)
            self._changed.notify_all()

    def wait_for_pulses(self, count):
        with self._changed:
            assert self._changed.wait_for(lambda: self.open_pulses >= count, DEADLINE_S), \
                f"{self.open_pulses} pulses, not {count}"

    def wait_until_closed(self, count):
        with self._changed:
            assert self._changed.wait_for(lambda: self.close_pulses >= count, DEADLINE_S), \
                f"{self.close_pulses} close pulses, not {count}"

    def presence(self, on):
        self._set(PRESENCE, on)

    def safety(self, on):
        self._set(SAFETY, on)
