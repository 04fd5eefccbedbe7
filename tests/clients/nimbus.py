"""A Nimbus of one's own: started as a person starts it, on data that go away with it."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
import urllib.request

ADMIN_TOKEN = "the-admin-token-of-the-client-tests"
START_LIMIT_S = 60


class Nimbus:
    def __enter__(self):
        self._data = tempfile.mkdtemp(prefix="nimbus-clients-")
        self._process = subprocess.Popen(
            [os.environ["NIMBUS_XTASK"], "start", "--port", "0", "--data", self._data, "--admin-token", ADMIN_TOKEN],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        limit = threading.Timer(START_LIMIT_S, self._process.kill)
        limit.start()
        log = []
        for line in self._process.stdout:
            log.append(line)
            address = re.match(r"Nimbus is at (\S+)$", line)
            if address:
                limit.cancel()
                self.url = address[1]
                # Nobody reads on, and a full pipe would hold it up.
                threading.Thread(target=self._process.stdout.read, daemon=True).start()
                return self
        limit.cancel()
        raise RuntimeError("Nimbus is not up:\n" + "".join(log))

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait()
        shutil.rmtree(self._data, ignore_errors=True)

    def get(self, path):
        """A read with the admin token, for checking behind the client's back."""
        request = urllib.request.Request(self.url + path, headers={"Authorization": f"Bearer {ADMIN_TOKEN}"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)
