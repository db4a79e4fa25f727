"""openapi.json and asyncapi.json are true: calls of every group are made, and what they answer has
the members and types that the documents say, no more and no less; so have the messages on the
broker (docs/contract/http.md, mqtt.md)."""
import json
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import staff_api_test as counter  # noqa: E402
from lot import state  # noqa: E402

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


class Schemas:
    """What of JSON Schema the documents use; members that they do not name are wrong here."""
    types = {"string": str, "integer": int, "number": (int, float), "boolean": bool,
             "object": dict, "array": list, "null": type(None)}

    def __init__(self, document):
        self.named = document["components"]["schemas"]

    def problems(self, value, schema, where="$"):
        if "$ref" in schema:
            return self.problems(value, self.named[schema["$ref"].rsplit("/", 1)[1]], where)
        if "anyOf" in schema:
            tried = [self.problems(value, each, where) for each in schema["anyOf"]]
            return min(tried, key=len)
        if "const" in schema:
            return [] if value == schema["const"] else [f"{where}: {value!r}"]
        return self.problems_of_type(value, schema, where)

    def problems_of_type(self, value, schema, where):
        kind = schema["type"]
        is_wrong_flag = isinstance(value, bool) and kind != "boolean"
        if not isinstance(value, self.types[kind]) or is_wrong_flag:
            return [f"{where}: {value!r} is no {kind}"]
        if "enum" in schema and value not in schema["enum"]:
            return [f"{where}: {value!r} is none of {schema['enum']}"]
        shape = {"uuid": UUID, "date-time": TIME}.get(schema.get("format"))
        if shape and not shape.fullmatch(value):
            return [f"{where}: {value!r} is no {schema['format']}"]
        if "pattern" in schema and not re.fullmatch(schema["pattern"], value):
            return [f"{where}: {value!r} is not {schema['pattern']}"]
        if kind == "array":
            return [problem for i, each in enumerate(value)
                    for problem in self.problems(each, schema["items"], f"{where}[{i}]")]
        if kind == "object" and "properties" in schema:
            return self.problems_of_members(value, schema, where)
        return []

    def problems_of_members(self, value, schema, where):
        found = [f"{where}.{name} is missing" for name in schema.get("required", [])
                 if name not in value]
        for name, member in value.items():
            if name not in schema["properties"]:
                found.append(f"{where}.{name} is not described")
            else:
                found += self.problems(member, schema["properties"][name], f"{where}.{name}")
        return found


class Documents(counter.CounterCase):
    def setUp(self):
        super().setUp()
        status, text = self.lot.curl("/openapi.json")
        self.assertEqual(status, 200)
        self.openapi = json.loads(text)
        self.schemas = Schemas(self.openapi)
        self.called = set()

    def operation(self, method, path):
        """The pattern that a path fits, and what is said of it."""
        for pattern, operations in self.openapi["paths"].items():
            wanted = re.sub(r"\\{[a-z_]+\\}", "[^/]+", re.escape(pattern))
            if re.fullmatch(wanted, path.split("?")[0]) and method.lower() in operations:
                return pattern, operations[method.lower()]
        raise AssertionError(f"{method} {path} is not described")

    def true(self, who, method, path, body=None):
        """Calls, compares what is answered with what is described, and gives it back."""
        pattern, operation = self.operation(method, path)
        status, said = self.ask(who, method, path, body)
        responses = operation["responses"]
        self.assertTrue(str(status) in responses or status >= 400, (pattern, status, said))
        response = responses.get(str(status), responses["default"])
        schema = response["content"]["application/json"]["schema"]
        self.assertEqual(self.schemas.problems(said, schema), [], (method, path, said))
        if status >= 400 and str(status) in responses:
            self.assertIn(said["code"], response["description"].split(), (pattern, said))
        self.called.add((method, pattern))
        return said.get("data", said) if isinstance(said, dict) else said

    def test_what_is_answered_is_what_is_described(self):
        true = self.true
        true(None, "POST", "/api/auth/login/", {"username": "staff1", "password": "not this one"})
        true(None, "POST", "/api/auth/login/", {"username": "staff1"})
        true(None, "POST", "/api/auth/login/", {
            "username": "staff1", "password": self.lot.passwords["staff1"]})
        for path in ("/api/public/zones/", "/parking/api/zones/", "/api/user/zones/",
                     "/api/public/health/", "/parking/health/", "/parking/zone/A/status/",
                     "/parking/zone/none/status/", "/api/public/fiware/"):
            true(None, "GET", path)
        self.at_the_counter()
        self.out_of_the_ordinary()
        self.on_the_floor()
        self.for_the_administrator()
        self.assertGreater(len(self.called), 65)

    def at_the_counter(self):
        true = self.true
        true("staff1", "GET", "/api/staff/shift/")
        true("staff1", "POST", "/api/staff/shift/open/", {"float": 500})
        true("staff1", "POST", "/api/staff/shift/open/", {"float": 500})
        ticket = true("staff1", "POST", "/api/staff/walk-in/", {
            "vehicle_number": "DL 01 AB 0001", "owner_name": "Priya", "zone_id": "A"})
        true("staff1", "POST", "/parking/entry/", {
            "vehicle_number": "DL01AB0001", "owner_name": "Priya", "zone_id": "A"})
        code, session = ticket["qr_code"], ticket["session_id"]
        true(None, "GET", f"/api/user/current-session/?session_id={session}")
        true("staff1", "GET", f"/api/staff/bill/?qr_code={code}")
        true("staff1", "POST", "/api/staff/entry/", {"qr_code": code, "gate": "ENTRY_GATE_01"})
        true("staff1", "POST", "/parking/entry-qr-scan/", {"qr_code": code})
        self.bill_of(f"qr_code={code}", lambda bill: bill["amount_due"] > 0)
        true("staff1", "GET", f"/api/staff/bill/?qr_code={code}")
        true("staff1", "GET", "/api/staff/bill/?slot=A-001&qr_code=both")
        true("staff1", "GET", "/api/staff/active-sessions/?status=ACTIVE")
        true("staff1", "POST", "/api/staff/exit/", {
            "qr_code": code, "payment_method": "CASH", "amount": 1})
        true("staff1", "POST", "/api/staff/exit/", {
            "qr_code": code, "payment_method": "CASH", "tendered": 1})
        true("staff1", "POST", "/api/staff/exit/", {
            "qr_code": code, "payment_method": "CASH", "tendered": 500})
        true("staff1", "POST", "/parking/exit-qr-scan/", {
            "qr_code": code, "payment_method": "CASH"})
        true(None, "GET", f"/api/user/sessions/{session}/receipt/")
        true(None, "GET", f"/api/payment/{session}/status/")
        true("user123", "GET", "/api/user/history/")

    def out_of_the_ordinary(self):
        true = self.true
        ticket = self.ticket("DL01AB0002")
        true(None, "POST", "/api/user/cancel-booking/", {"qr_code": ticket["qr_code"]})
        ticket = self.ticket("DL01AB0003")
        true("staff1", "POST", "/api/staff/entry/", {"qr_code": ticket["qr_code"]})
        lost = true("staff1", "POST", "/api/staff/lost-ticket/", {
            "vehicle_number": "DL01AB0003", "reason": "Blown away"})
        true("staff1", "POST", f"/api/staff/sessions/{lost['session_id']}/terminate/", {
            "reason": "no right to"})
        true("admin", "POST", f"/api/staff/sessions/{lost['session_id']}/terminate/", {
            "reason": "A test"})
        true("staff1", "POST", "/api/staff/incidents/", {
            "kind": "damage", "description": "A scratch", "slot": "A-001"})
        true("staff1", "GET", "/api/staff/incidents/")
        true("staff1", "POST", "/api/staff/gates/EXIT_GATE_01/hold/", {"reason": "A lorry"})
        true("staff1", "POST", "/api/staff/gates/EXIT_GATE_01/release/", {"reason": "Gone"})
        true("staff1", "POST", "/api/staff/gates/NONE/open/", {"reason": "Nowhere"})
        ticket = self.ticket("DL01AB0004")
        true("staff1", "POST", "/api/staff/entry/", {"qr_code": ticket["qr_code"]})
        true("staff1", "POST", f"/api/staff/sessions/{ticket['session_id']}/let-out/", {
            "gate": "EXIT_GATE_01", "reason": "The line is down"})
        true("staff1", "POST", "/api/staff/emergency-open/", {"reason": "Fire"})
        true("staff1", "POST", "/api/staff/gates/EXIT_GATE_01/release/", {"reason": "Not mine"})
        true("staff1", "POST", "/api/staff/shift/close/", {"counted": 550})
        true("staff1", "GET", "/api/staff/shift/?shift_id=1")

    def on_the_floor(self):
        for path in ("/api/staff/active-sessions/", "/api/staff/slot-status/", "/api/staff/gates/",
                     "/api/parking/sessions-old/?what=ever"):
            self.true("staff1", "GET", path)

    def for_the_administrator(self):
        for path in ("dashboard/", "revenue-report/?group=hour&date=today", "payments/",
                     "payments/?method=CARD", "refunds/", "all-sessions/?q=DL01AB0001", "scans/",
                     "alerts/", "devices/?kind=barrier", "devices/?page_size=2"):
            self.true("admin", "GET", f"/api/admin/{path}")
        self.true("staff1", "GET", "/api/admin/dashboard/")
        self.true("user123", "GET", "/api/staff/gates/")
        self.on_the_lot()
        self.on_accounts()

    def on_the_lot(self):
        true = self.true
        for path in ("zones/", "zones/A/", "zones/none/", "slots/?closed=false", "slots/A-001/",
                     "settings/", "shifts/", "shifts/1/", "exceptions/", "audit/?q=staff1",
                     "erasures/"):
            true("admin", "GET", f"/api/admin/{path}")
        true("admin", "PATCH", "/api/admin/slots/A-002/", {
            "out_of_service": {"reason": "New paint"}})
        true("admin", "PATCH", "/api/admin/slots/A-002/", {"out_of_service": None})
        payment = true("admin", "GET", "/api/admin/payments/")["payments"][0]
        true("admin", "POST", "/api/admin/refunds/", {
            "payment_id": payment["payment_id"], "reason": "A mistake"})
        true("staff1", "POST", "/api/staff/lost-ticket/", {"slot": "A-001", "reason": "None"})

    def on_accounts(self):
        true = self.true
        who = {"username": "priya", "password": "a horse, correct"}
        true(None, "POST", "/api/auth/register/", {**who, "email": "priya@example.org"})
        true(None, "POST", "/api/auth/register/", who)
        tokens = true(None, "POST", "/api/auth/login/", who)
        true(None, "POST", "/api/auth/refresh/", {"refresh": tokens["refresh"]})
        true(None, "POST", "/api/auth/refresh/", {"refresh": tokens["refresh"]})
        true("user123", "GET", "/api/user/profile/")
        true("user123", "PATCH", "/api/user/profile/", {"phone": "+91 98100 00000"})
        true("user123", "POST", "/api/user/vehicles/", {"vehicle_number": "DL01CC0001"})
        true("user123", "GET", "/api/user/vehicles/")
        true("user123", "DELETE", "/api/user/vehicles/?vehicle_number=DL01CC0001")
        users = true("admin", "GET", "/api/admin/users/?q=priya")["users"]
        one = f"/api/admin/users/{users[0]['user_id']}/"
        true("admin", "GET", one)
        true("admin", "PATCH", one, {"role": "STAFF", "may_refund": True})
        true("admin", "GET", one + "activity/")
        true("admin", "DELETE", one)
        true("admin", "GET", "/api/admin/users/none/")
        true("user123", "POST", "/api/auth/logout/", {})

    def test_the_messages_on_the_broker_are_those_described(self):
        status, text = self.lot.curl("/asyncapi.json")
        self.assertEqual(status, 200)
        document = json.loads(text)
        schemas = Schemas(document)
        seen = set()
        with self.lot.watch(self.lot.root + "#") as watch, self.lot.peer() as device:
            device.publish(self.lot.state("A-001"), state(True), retain=True)
            device.publish(self.lot.root + "gates/ENTRY_GATE_01/button", '{"press_id":"p1"}')
            device.publish(self.lot.root + "gates/EXIT_GATE_01/scan",
                           '{"scan_id":"s1","code":"none of ours"}')
            wanted = {"slots/{slot}/state", "slots/{slot}/status", "zones/{zone}/availability",
                      "availability", "gateway/status", "gates/{gate}/button",
                      "gates/{gate}/scan", "gates/{gate}/decision", "gates/{gate}/barrier",
                      "events/{type}"}
            while not wanted <= seen:
                message = watch.take()
                if not message.payload:
                    continue
                channel, act = self.channel(document, message.topic)
                schema = act["message"].get("payload")
                if schema:
                    problems = schemas.problems(json.loads(message.payload), schema)
                    self.assertEqual(problems, [], message.topic)
                seen.add(channel.removeprefix("parking/v1/{lot}/"))

    def channel(self, document, topic):
        for channel, said in document["channels"].items():
            wanted = re.sub(r"\\{[a-z_]+\\}", "[^/]+", re.escape(channel))
            if re.fullmatch(wanted, topic):
                return channel, said.get("publish") or said["subscribe"]
        raise AssertionError(f"{topic} is not described")


if __name__ == "__main__":
    unittest.main()
