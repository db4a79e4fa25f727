"""Why the gateway has no broker, in its log: the one line that somebody at the lot has to go by."""
import os
import pathlib
import socket
import sys
import unittest
import unittest.mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from broker_case import BrokerCase, GATEWAY_PASSWORD  # noqa: E402
from gateway import Gateway  # noqa: E402


class Trouble(BrokerCase):
    def says(self, url, *words, password=GATEWAY_PASSWORD, ca_file=""):
        """The gateway's line about its broker, at this address."""
        text = self.config.read_text()
        config = self.directory / "trouble.toml"
        config.write_text(text.replace(f'url = "mqtt://127.0.0.1:{self.port}"',
                                       f'url = "{url}"\nca_file = "{ca_file}"')
                          + '[http]\nlisten = "127.0.0.1:0"\n')
        with unittest.mock.patch.dict(os.environ, GATEHOUSE_MQTT_PASSWORD=password):
            gateway = Gateway(config)
        try:
            gateway.wait_for_log(f"no broker at {url}: ")
            line = next(line for line in gateway.log() if "no broker at" in line)
            for word in words:
                self.assertIn(word, line)
        finally:
            self.assertEqual(gateway.end(), 0)

    def test_nobody_listens(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # and does not listen
            self.says(f"mqtt://127.0.0.1:{taken.getsockname()[1]}", "connection refused")

    def test_a_name_that_nobody_knows(self):
        self.says("mqtt://no-such-broker.invalid:1883",
                  "the name no-such-broker.invalid cannot be resolved")

    def test_a_wrong_password_and_none(self):
        for password in ("wrong", ""):
            with self.subTest(password):
                self.says(f"mqtt://127.0.0.1:{self.port}", "ot authori", "broker.password_env",
                          password=password)

    def test_a_certificate_that_nobody_vouches_for(self):
        self.says(f"mqtts://127.0.0.1:{self.tls_port}", "TLS: certificate verify failed")

    def test_tls_where_the_broker_speaks_none(self):
        self.says(f"mqtts://127.0.0.1:{self.port}", "TLS")


if __name__ == "__main__":
    unittest.main()
