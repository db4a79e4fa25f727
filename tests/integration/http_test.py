"""What a city's app, a monitoring system and a thousand open boards get over HTTP: asked with curl,
streams with bare sockets."""
import asyncio
import json
import pathlib
import re
import resource
import socket
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from lot import LotCase, state  # noqa: E402
from peers import DEADLINE_S  # noqa: E402

STREAMS = 1000
CONNECTING_AT_ONCE = 50

SAMPLE = re.compile(r'^[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? '
                    r"-?\d+(\.\d+)?(e[+-]?\d+)?$")


class Stream:
    """GET /api/public/stream/ on one connection."""

    @classmethod
    async def open(cls, port):
        stream = cls()
        stream.reader, stream.writer = await asyncio.open_connection("127.0.0.1", port)
        stream.writer.write(b"GET /api/public/stream/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        stream.head = (await stream.reader.readuntil(b"\r\n\r\n")).decode()
        stream.text = ""
        return stream

    async def event(self):
        """The next event's name and data; comments and fields without data are passed over."""
        while True:
            while "\n\n" not in self.text:
                size = int(await self.reader.readuntil(b"\r\n"), 16)
                if size == 0:
                    raise AssertionError("the stream ended")
                self.text += (await self.reader.readexactly(size)).decode()
                await self.reader.readexactly(2)
            block, _, self.text = self.text.partition("\n\n")
            fields = dict(line.split(": ", 1) for line in block.split("\n")
                          if ": " in line and not line.startswith(":"))
            if "data" in fields:
                return fields["event"], json.loads(fields["data"])

    async def until(self, is_wanted):
        """Every event up to the first wanted one, it included."""
        events = [await self.event()]
        while not is_wanted(*events[-1]):
            events.append(await self.event())
        return events

    def close(self):
        self.writer.close()


class Http(LotCase):
    options = {"zones": {"A": 3, "B": 2}}

    def get(self, path, *options):
        status, body = self.lot.curl(path, *options)
        return status, json.loads(body)

    def play(self, scene):
        asyncio.run(asyncio.wait_for(scene, 3 * DEADLINE_S))

    def test_zones_are_listed_with_what_is_free_now(self):
        self.say("B-001", state(True))
        self.shows("B-001", "occupied")
        self.board.until(self.lot.zone("B"), lambda zone: zone["occupied"] == 1)
        for path in ("/api/public/zones/", "/api/public/zones"):
            status, body = self.get(path)
            self.assertEqual((status, body["success"]), (200, True))
            zone = next(zone for zone in body["data"]["zones"] if zone["zone_id"] == "B")
            self.assertEqual(zone, {
                "zone_id": "B", "name": "Zone B", "hourly_rate": "50.00", "is_active": True,
                "total_slots": 2, "occupied_slots": 1, "reserved_slots": 0, "available_slots": 1,
                "occupancy_percent": 50.0, "operating_hours": "00:00-24:00", "contact": "",
                "location": "", "features": []})

    def test_health_is_degraded_while_the_broker_is_away(self):
        status, body = self.get("/api/public/health/")
        self.assertEqual((status, body["status"], body["services"]["broker"]), (200, "ok", "ok"))
        self.lot.broker.stop()
        self.lot.gateway.wait_for_log("connection lost")
        status, body = self.get("/api/public/health/")
        self.assertEqual((status, body["status"], body["services"]["broker"],
                          body["services"]["store"]), (200, "degraded", "down", "ok"))
        self.lot.broker.start()
        self.lot.gateway.wait_for_log("connected to the broker", times=2)
        self.assertEqual(self.get("/api/public/health/")[1]["status"], "ok")

    def test_an_address_that_does_not_exist_is_said_so_for_machines(self):
        status, body = self.get("/api/public/nothing/")
        self.assertEqual((status, body["success"]), (404, False))
        self.assertTrue(body["code"])
        status, body = self.get("/api/public/zones/", "--request", "DELETE")
        self.assertEqual((status, body["success"]), (405, False))

    def test_bytes_that_are_no_request_are_answered(self):
        for sent in (b"nonsense\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00", b"GET / HTTP/x\r\n\r\n"):
            with self.subTest(sent), \
                    socket.create_connection(("127.0.0.1", self.lot.http_port), 20) as client:
                client.sendall(sent)
                answer = b"".join(iter(lambda client=client: client.recv(4096), b""))
                self.assertTrue(answer.startswith(b"HTTP/1.1 400 Bad Request\r\n"), answer)
                self.assertIn(b'"code":"malformed_request"', answer)

    def test_fifty_requests_at_once_get_fifty_answers(self):
        with socket.create_connection(("127.0.0.1", self.lot.http_port), 20) as client:
            request = b"GET /api/public/zones/ HTTP/1.1\r\nHost: x\r\n"
            client.sendall(50 * (request + b"\r\n") + request + b"Connection: close\r\n\r\n")
            answer = b"".join(iter(lambda: client.recv(65536), b""))
        self.assertEqual(answer.count(b"HTTP/1.1 200 OK\r\n"), 51)

    def test_figures_are_for_this_machine_only(self):
        status, text = self.lot.curl("/metrics")
        self.assertEqual(status, 200)
        lines = text.splitlines()
        self.assertTrue(any(line.startswith("# TYPE gatehouse_") for line in lines))
        for line in lines:
            if not line.startswith("#"):
                self.assertRegex(line, SAMPLE)
        for header in ("X-Forwarded-For: 127.0.0.1", "Forwarded: for=127.0.0.1"):
            status, text = self.lot.curl("/metrics", "--header", header)
            self.assertIn(status, (401, 403), header)
            self.assertNotIn("gatehouse_", text)

    def test_a_stream_tells_the_whole_state_and_then_each_change(self):
        async def scene():
            stream = await Stream.open(self.lot.http_port)
            self.assertIn("200 OK", stream.head)
            self.assertIn("text/event-stream", stream.head)
            whole = await stream.until(
                lambda name, said: name == "slot" and said["slot"] == "Z-001")
            self.assertEqual([said["zone"] for name, said in whole if name == "zone"],
                             ["A", "B", "Z"])
            self.assertEqual({said["slot"] for name, said in whole if name == "slot"},
                             {*self.lot.slots(), "Z-001"})
            await asyncio.to_thread(self.say, "A-001", state(True))
            wanted = {("slot", "A-001"), ("zone", "A")}
            while wanted:
                name, said = await stream.event()
                if name == "slot" and said["status"] == "occupied":
                    wanted.discard((name, said["slot"]))
                if name == "zone" and said["occupied"] == 1:
                    wanted.discard((name, said["zone"]))
            stream.close()
        self.play(scene())

    def test_a_thousand_open_streams_each_hear_of_a_change(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft < STREAMS + 100:
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(STREAMS + 100, hard), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))

        async def scene():
            turnstile = asyncio.Semaphore(CONNECTING_AT_ONCE)

            async def connect():
                async with turnstile:
                    stream = await Stream.open(self.lot.http_port)
                    await stream.until(lambda name, said: name == "slot"
                                       and said["slot"] == "Z-001")
                    return stream
            streams = await asyncio.gather(*(connect() for _ in range(STREAMS)))
            open_now = await asyncio.to_thread(self.lot.metrics)
            self.assertEqual(open_now["gatehouse_http_streams"], STREAMS)
            await asyncio.to_thread(self.say, "A-003", state(True))
            await asyncio.gather(*(stream.until(
                lambda name, said: name == "slot" and said["slot"] == "A-003"
                and said["status"] == "occupied") for stream in streams))
            for stream in streams:
                stream.close()
        self.play(scene())
        self.assertEqual(self.get("/api/public/health/")[1]["status"], "ok")


if __name__ == "__main__":
    unittest.main()
