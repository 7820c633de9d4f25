"""`warmbench org` as a process of its own: a real server, a real client, a clean end, nothing lost in a kill."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest
import requests

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "tests" / "simple_salesforce_alone.py"


class Served:
    """A running org."""

    def __init__(self, folder, *arguments, port=0):
        self.access_file = folder / "access.json"
        command = [sys.executable, "-m", "integration.local.org.serve", "--port", str(port)]
        command += ["--database", folder / "org.db", "--access-file", self.access_file, *arguments]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
        self.said = [self.process.stdout.readline() for _ in range(3)]
        self.url = re.search(r"https?://\S+", self.said[0])[0]
        self.access = json.loads(self.access_file.read_text())

    def call(self, method, path, **options):
        headers = {"Authorization": f"Bearer {self.access['token']}"}
        address = f"{self.url}/services/data/v62.0/{path}"
        return requests.request(method, address, headers=headers, timeout=30, **options)

    def count(self, name):
        return self.call("GET", "query", params={"q": f"SELECT COUNT() FROM {name}"}).json()["totalSize"]

    def stop(self, number=signal.SIGINT):
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        self.process.stdout.close()
        return self.process.wait(timeout=15)


@pytest.fixture
def serve(tmp_path):
    started = []

    def start(*arguments, **options):
        started.append(Served(tmp_path, *arguments, **options))
        return started[-1]

    yield start
    for each in started:
        each.stop(signal.SIGKILL)


def test_simple_salesforce_alone_can_do_its_work(serve):
    served = serve()
    arguments = [sys.executable, SCRIPT, served.url, served.access["token"]]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ok: bulk query" in done.stdout


def test_ctrl_c_ends_it_and_what_was_saved_stays(serve):
    served = serve()
    assert served.call("POST", "sobjects/Tag__c", json={"Name": "Python"}).status_code == 201
    port = int(served.url.rpartition(":")[2])
    started = time.monotonic()
    assert served.stop() == 0
    assert time.monotonic() - started < 10
    again = serve(port=port)
    assert again.url == served.url
    assert again.count("Tag__c") == 1
    assert again.access["client_secret"] == served.access["client_secret"]


def test_fresh_forgets_everything(serve):
    served = serve()
    served.call("POST", "sobjects/Tag__c", json={"Name": "Python"})
    served.stop()
    assert serve("--fresh").count("Tag__c") == 0


def test_service_logs_in_with_what_the_access_file_tells(serve):
    served = serve()
    assert served.access_file.stat().st_mode & 0o077 == 0
    pair = (served.access["client_id"], served.access["client_secret"])
    form = {"grant_type": "client_credentials"}
    answer = requests.post(f"{served.url}/services/oauth2/token", data=form, auth=pair, timeout=10)
    assert answer.json()["instance_url"] == served.url


def test_https_is_served_with_a_certificate_of_its_own(serve, tmp_path):
    served = serve("--tls")
    answer = requests.get(f"{served.url}/services/data", verify=tmp_path / "org.crt", timeout=10)
    assert (served.url[:8], answer.status_code) == ("https://", 200)
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"{served.url}/services/data", timeout=10)
    assert (tmp_path / "org.key").stat().st_mode & 0o077 == 0


def test_key_in_an_address_means_itself(serve):
    """The server decodes a path before the org sees it."""
    keys = ["a/b", "100%", "x%2Fy", "é ü", "a+b", "a?b#c&d"]
    served = serve()
    for key in keys:
        address = f"sobjects/Candidate__c/Candidate_Key__c/{quote(key, safe='')}"
        assert served.call("PATCH", address, json={"Last_Name__c": "x"}).status_code == 201
    params = {"q": "SELECT Candidate_Key__c FROM Candidate__c ORDER BY Id"}
    rows = served.call("GET", "query", params=params).json()["records"]
    assert [row["Candidate_Key__c"] for row in rows] == keys


def test_taken_port_is_told(serve, tmp_path):
    served = serve()
    port = served.url.rpartition(":")[2]
    command = [sys.executable, "-m", "integration.local.org.serve", "--port", port, "--database", tmp_path / "2.db"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert f"Port {port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_database_in_use_is_told(serve, tmp_path):
    serve()
    command = [sys.executable, "-m", "integration.local.org.serve", "--port", "0", "--database", tmp_path / "org.db"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert "is served by another process" in done.stderr


def test_metadata_that_is_not_there_is_told(tmp_path):
    command = [sys.executable, "-m", "integration.local.org.serve", "--port", "0", "--metadata", tmp_path]
    command += ["--database", tmp_path / "org.db"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert "objects/" in done.stderr
    assert "Traceback" not in done.stderr


def test_threads_write_beside_each_other(serve):
    served = serve()

    def work(number):
        body = {"records": [{"attributes": {"type": "Tag__c"}, "Name": f"T{number}-{row}"} for row in range(20)]}
        answer = served.call("POST", "composite/sobjects", json=body)
        served.count("Tag__c")
        return sum(each["success"] for each in answer.json())

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, range(40))) == 800
    assert served.count("Tag__c") == 800


def test_chunked_upload(serve):
    served = serve()
    job = served.call("POST", "jobs/ingest", json={"object": "Tag__c", "operation": "insert"}).json()
    chunks = (chunk for chunk in (b"Na", b"me\nPython\n", b"SQL\n"))
    assert served.call("PUT", f"jobs/ingest/{job['id']}/batches", data=chunks).status_code == 201
    served.call("PATCH", f"jobs/ingest/{job['id']}", json={"state": "UploadComplete"})
    assert _finished(served, job)["numberRecordsProcessed"] == 2


def _finished(served, job):
    for _ in range(300):
        shown = served.call("GET", f"jobs/ingest/{job['id']}").json()
        if shown["state"] in ("JobComplete", "Failed"):
            return shown
        time.sleep(0.05)
    raise AssertionError(shown)


def test_kill_in_the_middle_of_a_bulk_job_loses_and_doubles_nothing(serve):
    served = serve()
    job = served.call("POST", "jobs/ingest", json={"object": "Tag__c", "operation": "insert"}).json()
    rows = "Name\n" + "".join(f"T{number:05}\n" for number in range(20_000))
    served.call("PUT", f"jobs/ingest/{job['id']}/batches", data=rows.encode())
    served.call("PATCH", f"jobs/ingest/{job['id']}", json={"state": "UploadComplete"})
    while not (before := served.count("Tag__c")):
        pass
    served.stop(signal.SIGKILL)
    again = serve()
    done = _finished(again, job)
    assert before < 20_000
    assert (done["state"], done["numberRecordsProcessed"], done["numberRecordsFailed"]) == ("JobComplete", 20_000, 0)
    assert again.count("Tag__c") == 20_000
    assert again.call("GET", f"jobs/ingest/{job['id']}/successfulResults").text.count("\n") == 20_001


def test_dropped_connection_reaches_a_client_as_one(serve):
    served = serve("--faults")
    headers = {"Authorization": f"Bearer {served.access['token']}"}
    order = {"kind": "dropped", "path": "/sobjects/"}
    requests.post(f"{served.url}/warmbench/faults", json=order, headers=headers, timeout=10).raise_for_status()
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        served.call("POST", "sobjects/Tag__c", json={"Name": "Python"})
    assert served.count("Tag__c") == 1


def test_faults_are_off_unless_asked_for(serve):
    served = serve()
    headers = {"Authorization": f"Bearer {served.access['token']}"}
    answer = requests.post(f"{served.url}/warmbench/faults", json={"kind": "limit"}, headers=headers, timeout=10)
    assert (answer.status_code, "--faults" in answer.text) == (404, True)
