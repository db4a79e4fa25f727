"""Independent peers for integration tests: a real Mosquitto, and MQTT clients that block.

    with Mosquitto(configuration) as broker, Peer("A-001", password, port) as sensor:
        sensor.publish("parking/v1/demo/slots/A-001/state", '{"occupied":true}')

Every wait is a blocking read with a deadline; a deadline that passes is an error, never a result.
Needs python3-paho-mqtt 1.6 and, for commands of ours, GATEHOUSE_BIN.
"""
import os
import pathlib
import queue
import signal
import socket
import subprocess
import tempfile

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

DEADLINE_S = 20


def free_port():
    """A loopback port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def gatehouse(*arguments, environment=None, directory=None):
    """Runs the gatehouse program to its end; gives back the finished process, output as text."""
    return subprocess.run(
        [os.environ["GATEHOUSE_BIN"], *map(str, arguments)],
        env={**os.environ, **(environment or {})}, cwd=directory, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=DEADLINE_S, check=False)


def directory_for_broker():
    """A temporary directory that the user a broker becomes, when root starts it, may enter."""
    directory = tempfile.TemporaryDirectory(prefix="gatehouse-")
    os.chmod(directory.name, 0o755)
    return directory


class Mosquitto:
    """A broker of its own, ready once entered (systemd's readiness message says so)."""

    def __init__(self, configuration):
        self.configuration = pathlib.Path(configuration)
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        # An abstract socket: the broker tells it "READY=1" when all its listeners listen.
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
            ready.bind("")
            ready.settimeout(DEADLINE_S)
            address = "@" + ready.getsockname()[1:].decode()
            self.process = subprocess.Popen(
                ["mosquitto", "-c", str(self.configuration)], cwd=self.configuration.parent,
                env={**os.environ, "NOTIFY_SOCKET": address},
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                while b"READY=1" not in ready.recv(4096):
                    pass
            except TimeoutError:
                self.kill()
                raise AssertionError("mosquitto did not become ready") from None
        self._wait_for_loop()

    def _wait_for_loop(self):
        # Mosquitto 2.0.11 says it is ready just before its loop, and forgets a SIGTERM that comes
        # in between. Whoever begins with a DISCONNECT is hung up on, by the loop.
        listener = next(line.split() for line in self.configuration.read_text().splitlines()
                        if line.startswith("listener "))
        with socket.create_connection((listener[2], int(listener[1])), DEADLINE_S) as stranger:
            stranger.sendall(b"\xe0\x00")
            try:
                stranger.recv(1)
            except ConnectionResetError:
                pass

    def stop(self):
        self._end(signal.SIGTERM)

    def kill(self):
        self._end(signal.SIGKILL)

    def _end(self, how):
        if self.process is None:
            return
        self.process.send_signal(how)
        self.process.wait(DEADLINE_S)
        self.process = None


class Refused(Exception):
    """The broker's CONNACK was not a yes."""


class Peer:
    """One MQTT client and one connection: entering connects, or raises Refused; leaving
    disconnects. It never connects again by itself."""

    def __init__(self, user, password, port, *, client_id=None, version=mqtt.MQTTv311,
                 clean=True, will=None, tls=None):
        arguments = {} if version == mqtt.MQTTv5 else {"clean_session": clean}
        self._client = mqtt.Client(client_id or user or "", protocol=version,
                                   reconnect_on_failure=False, **arguments)
        self._client.max_inflight_messages_set(1000)
        if user is not None:
            self._client.username_pw_set(user, password)
        if will is not None:
            self._client.will_set(*will)
        if tls is not None:
            self._client.tls_set_context(tls)
        self.version = version
        self._port = port
        self._connected = queue.Queue()
        self._acknowledged = queue.Queue()
        self._messages = queue.Queue()
        self.disconnected = queue.Queue()
        self._client.on_socket_open = lambda c, u, opened: opened.setsockopt(
            socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # MQTT 5 callbacks carry one more argument at the end.
        self._client.on_connect = lambda c, u, flags, code, *_: self._connected.put(code)
        self._client.on_disconnect = lambda c, u, code, *_: self.disconnected.put(code)
        self._client.on_subscribe = lambda c, u, mid, codes, *_: self._acknowledged.put(mid)
        self._client.on_message = lambda c, u, message: self._messages.put(message)

    def __enter__(self):
        self._client.connect("127.0.0.1", self._port, keepalive=60)
        self._client.loop_start()
        code = self._connected.get(timeout=DEADLINE_S)
        if code != 0:
            self._client.disconnect()
            self._client.loop_stop()
            raise Refused(str(code))
        return self

    def __exit__(self, *_):
        self._client.disconnect()
        self._client.loop_stop()

    def vanish(self):
        """Closes the socket without a word, as a device does that lost its power."""
        self._client.loop_stop()
        self._client.socket().shutdown(socket.SHUT_RDWR)

    def publish(self, topic, payload, *, qos=1, retain=False, user_properties=()):
        """Returns when the broker has taken the message: at QoS 1 and 2 it says so itself."""
        properties = None
        if user_properties:
            properties = Properties(PacketTypes.PUBLISH)
            properties.UserProperty = list(user_properties)
        sent = self._client.publish(topic, payload, qos, retain, properties)
        if qos == 0:
            return
        sent.wait_for_publish(DEADLINE_S)
        if not sent.is_published():
            raise AssertionError(f"no acknowledgement for {topic}")

    def subscribe(self, *filters):
        """One SUBSCRIBE, QoS 1; returns when it is answered. What the broker had routed to this
        client before stands in the queue then."""
        _, mid = self._client.subscribe([(each, 1) for each in filters])
        while self._acknowledged.get(timeout=DEADLINE_S) != mid:
            pass

    def next_message(self):
        # Second by second: a machine that was frozen for a minute has cost one of them.
        for _ in range(DEADLINE_S):
            try:
                return self._messages.get(timeout=1)
            except queue.Empty:
                pass
        raise AssertionError("no message arrived in time")

    def waiting_messages(self):
        """What has arrived and was not taken yet; does not wait."""
        messages = []
        while not self._messages.empty():
            messages.append(self._messages.get_nowait())
        return messages

    def messages_until(self, topic, payload):
        """Everything that arrives before the message named, which is left out."""
        messages = []
        while True:
            message = self.next_message()
            if (message.topic, message.payload) == (topic, payload.encode()):
                return messages
            messages.append(message)
