"""A fresh Samlgate for one run of tests: temporary folder, free ports, people added, serving."""

import os
import pathlib
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

import people

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Samlgate:
    """Starts on entering, stops and removes everything on leaving."""

    application = "jira"
    password = "jira's: own pässword"

    def __enter__(self):
        default = ROOT / "target" / "debug" / "samlgate"
        self.binary = os.environ.get("SAMLGATE_BIN", str(default))
        self.folder = tempfile.TemporaryDirectory(prefix="samlgate-clients-")
        folder = pathlib.Path(self.folder.name)
        ports = free_ports(3)
        self.config = folder / "samlgate.toml"
        self.config.write_text(
            f'[listen]\npublic = "127.0.0.1:{ports[0]}"\nconsole = "127.0.0.1:{ports[1]}"\n'
            f'crowd = "127.0.0.1:{ports[2]}"\n'
            f'[database]\nurl = "sqlite:{folder}/samlgate.db"\n'
            f'[secrets]\nkey_file = "{folder}/samlgate.key"\n'
        )
        self.url = f"http://127.0.0.1:{ports[2]}"
        self.run("application", "add", self.application, stdin=self.password)
        people.add_everyone(self.run)
        self.log = open(folder / "log", "wb")
        command = [self.binary, "serve", "--config", str(self.config)]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log)
        try:
            self.wait()
        except Exception:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=20)
        self.log.close()
        self.folder.cleanup()

    def run(self, *arguments, stdin=None):
        """One command; its failure fails the test with what it printed."""
        command = [self.binary, *arguments, "--config", str(self.config)]
        text = None if stdin is None else stdin + "\n"
        done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"

    def wait(self):
        """Until the listener answers (401 is an answer)."""
        for _ in range(200):
            try:
                urllib.request.urlopen(self.url + "/rest/usermanagement/1/config/cookie")
            except urllib.error.HTTPError:
                return
            except OSError:
                assert self.process.poll() is None, pathlib.Path(self.log.name).read_text()
                time.sleep(0.05)
        raise TimeoutError("samlgate does not answer: " + pathlib.Path(self.log.name).read_text())


def free_ports(count):
    """Ports that were free a moment ago; all are held until the last is found."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
