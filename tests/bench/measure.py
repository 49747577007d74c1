#!/usr/bin/env python3
"""Our time beside that of the vendor's own client sending the same statements with the same commits.

Each measurement is the best of three, on an empty database each time. Ratios are ours / client: below 1 is faster.
"""
import os
import resource
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

ENGINE = os.environ["CHANGELOG"]
ROUNDS = 3


def changelog(path, count, tables):
    """Changesets of which every second one makes a table (or none), the others insert a row."""
    with open(path, "w") as out:
        out.write("databaseChangeLog:\n")
        for n in range(count):
            if tables and n % 2 == 0:
                change = f"createTable: {{tableName: t{n}, columns: [{{column: {{name: id, type: int, constraints: {{primaryKey: true, nullable: false}}}}}}, {{column: {{name: name, type: varchar(50)}}}}]}}"
            else:
                change = f"insert: {{tableName: t{n - n % 2}, columns: [{{column: {{name: id, valueNumeric: {n}}}}}, {{column: {{name: name, value: row {n}}}}}]}}"
            out.write(f"- changeSet: {{id: c{n}, author: bench, changes: [{{{change}}}]}}\n")


def engine(*words, cwd):
    started = time.perf_counter()
    done = subprocess.run([ENGINE, *words], cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{words}: {done.stderr[-600:]}")
    return time.perf_counter() - started, done.stdout


def transactions(script):
    """The script of update-sql with a transaction around each changeset, as the engine commits."""
    head, *parts = script.split("-- Changeset ") if "\n-- Changeset " in script else script.split("--  Changeset ")
    tail = ""
    if parts and "Release Database Lock" in parts[-1]:
        parts[-1], _, tail = parts[-1].rpartition("--")
    return head + "".join(f"BEGIN;\n-- {part}\nCOMMIT;\n" for part in parts) + ("--" + tail if tail else "")


class Server:
    def __init__(self, kind, url, name=None):
        self.kind, self.name, self.url, self.parts = kind, name or kind, url, urllib.parse.urlsplit(url)

    def words(self, database):
        p = self.parts
        if self.kind == "postgresql":
            # In a URL, the folder of a unix socket and its port are parameters.
            query = dict(urllib.parse.parse_qsl(p.query))
            host, port = query.get("host", p.hostname), query.get("port", p.port)
            return ["psql", "-q", "-X", "-v", "ON_ERROR_STOP=1", "-h", host, "-p", str(port), "-U", p.username, database]
        return ["mariadb", f"-h{p.hostname}", f"-P{p.port}", f"-u{p.username}", f"-p{p.password}", database]

    def client(self, database, **more):
        done = subprocess.run(self.words(database), capture_output=True, text=True, **more)
        if done.returncode:
            sys.exit(f"{self.name} client: {done.stderr[-600:]}")

    def empty(self):
        own = self.parts.path.lstrip("/") or ("postgres" if self.kind == "postgresql" else "mysql")
        self.client(own, input="DROP DATABASE IF EXISTS bench;\nCREATE DATABASE bench;\n")
        return urllib.parse.urlunsplit(self.parts._replace(path="/bench"))

    def run(self, script):
        started = time.perf_counter()
        self.client("bench", input=script)
        return time.perf_counter() - started


class Delay:
    """A proxy that holds each piece of data back for a time, in both directions, as a network does."""

    def __init__(self, host, port, seconds):
        self.target, self.seconds = (host, port), seconds
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            near, _ = self.listener.accept()
            far = socket.create_connection(self.target)
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for ends in ((near, far), (far, near)):
                threading.Thread(target=self.pump, args=ends, daemon=True).start()

    def pump(self, source, target):
        try:
            while data := source.recv(1 << 16):
                time.sleep(self.seconds)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass


class Sqlite:
    name = kind = "sqlite"

    def __init__(self, folder):
        self.file = os.path.join(folder, "bench.sqlite")

    def empty(self):
        for end in ("", "-wal", "-shm", "-journal"):
            if os.path.exists(self.file + end):
                os.remove(self.file + end)
        return "sqlite:" + self.file

    def run(self, script):
        started = time.perf_counter()
        connection = sqlite3.connect(self.file, isolation_level=None)
        connection.executescript(script)
        connection.close()
        return time.perf_counter() - started


class Load:
    """A data file of narrow rows, loaded by the engine and by the client's own command for that."""

    ROWS = int(os.environ.get("CHANGELOG_BENCH_ROWS", "1000000"))
    COLUMNS = "id int, name varchar(40), amount decimal(10,2)"

    def __init__(self, folder):
        self.folder = folder
        self.file = os.path.join(folder, "rows.csv")
        with open(self.file, "w") as out:
            out.write("id,name,amount\n")
            out.writelines(f"{n},name {n},{n % 1000}.{n % 100:02d}\n" for n in range(self.ROWS))
        with open(os.path.join(folder, "load.yaml"), "w") as out:
            out.write(
                f"databaseChangeLog:\n- changeSet: {{id: 1, author: bench, changes: [{{sql: 'create table narrow ({self.COLUMNS})'}}]}}\n"
                "- changeSet: {id: 2, author: bench, changes: [{loadData: {tableName: narrow, file: rows.csv}}]}\n"
            )

    def ours(self, url):
        """Seconds, and the most memory in MB; the table is made before."""
        engine("update-count", "1", "--url", url, "--changelog-file", "load.yaml", cwd=self.folder)
        started = time.perf_counter()
        child = subprocess.Popen([ENGINE, "update", "--url", url, "--changelog-file", "load.yaml"], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        messages = child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            sys.exit(f"loadData: {messages.decode()[-600:]}")
        return time.perf_counter() - started, usage.ru_maxrss // 1024

    def client(self, place):
        """Seconds of `\\copy`, `LOAD DATA LOCAL` or `.import`."""
        make = f"create table narrow ({self.COLUMNS});\n"
        place.empty()
        if place.kind == "sqlite":
            commands = [["sqlite3", place.file, make], ["sqlite3", place.file, ".mode csv", f".import --skip 1 {self.file} narrow"]]
        elif place.kind == "postgresql":
            words = place.words("bench")
            commands = [[*words, "-c", make], [*words, "-c", f"\\copy narrow from {self.file} csv header"]]
        else:
            words = [*place.words("bench"), "--local-infile=1", "-e"]
            load = f"load data local infile '{self.file}' into table narrow fields terminated by ',' ignore 1 lines"
            commands = [[*words, make], [*words, load]]
        for command in commands:
            started = time.perf_counter()
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode or done.stderr:
                sys.exit(f"{place.name} client: {done.stderr[-600:]}")
        return time.perf_counter() - started

    def run(self, place):
        ours, theirs, memory = [], [], 0
        for _ in range(ROUNDS):
            theirs.append(self.client(place))
            seconds, peak = self.ours(place.empty())
            ours.append(seconds)
            memory = max(memory, peak)
        ratio = min(ours) / min(theirs)
        print(f"{place.name}: loadData of {self.ROWS:,} rows: ours {min(ours):.2f} s, {memory} MB; client {min(theirs):.2f} s; ratio {ratio:.2f}", flush=True)


def thousand(place, folder):
    """1,000 changesets, every second one of which makes a table."""
    ours, theirs = [], []
    for _ in range(ROUNDS):
        url = place.empty()
        _, script = engine("update-sql", "--url", url, "--changelog-file", "thousand.yaml", cwd=folder)
        theirs.append(place.run(transactions(script)))
        url = place.empty()
        ours.append(engine("update", "--url", url, "--changelog-file", "thousand.yaml", cwd=folder)[0])
    ratio = min(ours) / min(theirs)
    print(f"{place.name}: 1,000 changesets: ours {min(ours):.2f} s, client {min(theirs):.2f} s, ratio {ratio:.2f}", flush=True)


def idle(place, folder):
    """Nothing to do, with as many rows in the ledger as there are changesets."""
    url = place.empty()
    engine("changelog-sync", "--url", url, "--changelog-file", "many.yaml", cwd=folder)
    best = min(engine("update", "--url", url, "--changelog-file", "many.yaml", cwd=folder)[0] for _ in range(ROUNDS))
    print(f"{place.name}: nothing to do, 10,000 rows and changesets: {best * 1000:.0f} ms", flush=True)
    tiny = min(engine("history", "--url", url, "--format", "json", cwd=folder)[0] for _ in range(ROUNDS))
    print(f"{place.name}: of that, connecting and reading the ledger at most {tiny * 1000:.0f} ms", flush=True)


def fleet(place, folder):
    """A hundred databases with nothing to do, a process for each, one behind the other."""
    changelog(os.path.join(folder, "hundred.yaml"), 100, False)
    urls = [f"sqlite:{folder}/fleet{n}.sqlite" for n in range(100)]
    if place.kind != "sqlite":
        own = place.parts.path.lstrip("/") or ("postgres" if place.kind == "postgresql" else "mysql")
        names = [f"fleet{n}" for n in range(100)]
        place.client(own, input="".join(f"DROP DATABASE IF EXISTS {name};\nCREATE DATABASE {name};\n" for name in names))
        urls = [urllib.parse.urlunsplit(place.parts._replace(path=f"/{name}")) for name in names]
    for url in urls:
        engine("changelog-sync", "--url", url, "--changelog-file", "hundred.yaml", cwd=folder)
    total = min(sum(engine("update", "--url", url, "--changelog-file", "hundred.yaml", cwd=folder)[0] for url in urls) for _ in range(ROUNDS))
    print(f"{place.name}: 100 databases with nothing to do, 100 changesets each: {total:.2f} s, {total * 10:.1f} ms each", flush=True)
    if place.kind != "sqlite":
        place.client(own, input="".join(f"DROP DATABASE {name};\n" for name in names))


def main():
    folder = tempfile.mkdtemp(prefix="changelog-bench-")
    changelog(os.path.join(folder, "thousand.yaml"), 1000, True)
    changelog(os.path.join(folder, "many.yaml"), 10000, False)
    url = lambda name: os.environ.get(f"CHANGELOG_TEST_{name}_URL")
    places, roads = [Sqlite(folder)], []
    if url("POSTGRES"):
        postgres = Server("postgresql", url("POSTGRES"))
        places.append(postgres)
        if url("POSTGRES_SOCKET"):
            roads.append(Server("postgresql", url("POSTGRES_SOCKET"), "postgresql, unix socket"))
        delay = Delay(postgres.parts.hostname, postgres.parts.port, 0.0005)
        far = postgres.parts._replace(netloc=f"{postgres.parts.username}@127.0.0.1:{delay.port}")
        roads.append(Server("postgresql", urllib.parse.urlunsplit(far), "postgresql, 0.5 ms each way"))
    if url("MARIADB"):
        places.append(Server("mariadb", url("MARIADB")))
    load = Load(folder)
    for place in places:
        load.run(place)
    if "--load" in sys.argv[1:]:
        return
    for place in places + roads:
        thousand(place, folder)
    for place in places:
        idle(place, folder)
        fleet(place, folder)
    planned = min(engine("validate", "--url", "offline:postgresql", "--changelog-file", "many.yaml", cwd=folder)[0] for _ in range(ROUNDS))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"offline: 10,000 YAML changesets parsed, checksummed and validated: {planned * 1000:.0f} ms; largest process so far {peak} MB")
    version = min(engine("--version", cwd=folder)[0] for _ in range(20))
    print(f"--version: {version * 1000:.1f} ms; the program has {os.path.getsize(ENGINE) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
