#!/usr/bin/env python3
"""The same 1,000 changes of a PostgreSQL database by this program and by its peers, in one run.

Each peer gets the changes in its own form, a transaction for each, and is brought by its packages into a temporary folder:
Liquibase (npm: liquibase@4.28.1, with a Java on the PATH), dbmate (npm: @dbmate/linux-x64), Alembic (PyPI). One that cannot be
brought is named and left out. Single runs, cold: a deployment is one.

    CHANGELOG=path/to/changelog CHANGELOG_TEST_POSTGRES_URL=postgres://… tests/bench/peers.py
"""
import glob
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse

import measure

COUNT = int(os.environ.get("CHANGELOG_BENCH_COUNT", "1000"))
SERVER = urllib.parse.urlsplit(os.environ["CHANGELOG_TEST_POSTGRES_URL"])
PLACE = f"{SERVER.hostname}:{SERVER.port}"


def sql_of(n):
    """What changes n of measure.changelog does, and its inverse."""
    if n % 2 == 0:
        return f"CREATE TABLE t{n} (id INTEGER NOT NULL, name VARCHAR(50), CONSTRAINT t{n}_pkey PRIMARY KEY (id))", f"DROP TABLE t{n}"
    return f"INSERT INTO t{n - 1} (id, name) VALUES ({n}, 'row {n}')", f"DELETE FROM t{n - 1} WHERE id = {n}"


def fetched(folder, package):
    """The folder of an npm package."""
    done = subprocess.run(["npm", "pack", "--silent", package], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise FileNotFoundError(f"npm pack {package}: {done.stderr.strip()[-200:]}")
    into = os.path.join(folder, "packages", package.replace("/", "-"))
    os.makedirs(into)
    subprocess.run(["tar", "-xzf", os.path.join(folder, done.stdout.strip().splitlines()[-1]), "-C", into], check=True)
    return os.path.join(into, "package")


class Ours:
    name = "changelog"

    def __init__(self, folder):
        measure.changelog(os.path.join(folder, "changelog.yaml"), COUNT, True)
        self.folder = folder

    def words(self):
        return [measure.ENGINE, "update", "--url", f"postgres://{SERVER.username}@{PLACE}/bench", "--changelog-file", "changelog.yaml"]


class Liquibase(Ours):
    name = "Liquibase 4.28"

    def __init__(self, folder):
        super().__init__(folder)
        if not shutil.which("java"):
            raise FileNotFoundError("no java on the PATH")
        self.program = os.path.join(fetched(folder, "liquibase@4.28.1"), "dist", "liquibase", "liquibase")
        os.chmod(self.program, 0o755)

    def words(self):
        url = f"jdbc:postgresql://{PLACE}/bench"
        return [self.program, "update", "--url", url, "--username", SERVER.username, "--password", "x", "--changelog-file", "changelog.yaml"]


class Dbmate:
    name = "dbmate"

    def __init__(self, folder):
        package = fetched(folder, "@dbmate/linux-x64")
        self.program = next(p for p in glob.glob(f"{package}/**/dbmate*", recursive=True) if os.path.isfile(p))
        os.chmod(self.program, 0o755)
        self.folder = os.path.join(folder, "dbmate")
        os.makedirs(os.path.join(self.folder, "db", "migrations"))
        for n in range(COUNT):
            do, undo = sql_of(n)
            with open(os.path.join(self.folder, "db", "migrations", f"2026{n:010d}_c{n}.sql"), "w") as out:
                out.write(f"-- migrate:up\n{do};\n\n-- migrate:down\n{undo};\n")

    def words(self):
        return [self.program, "--no-dump-schema", "--url", f"postgres://{SERVER.username}@{PLACE}/bench?sslmode=disable", "up"]


class Alembic:
    name = "Alembic"

    def __init__(self, folder):
        packages = os.path.join(folder, "python")
        done = subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--target", packages, "alembic", "psycopg2-binary"], capture_output=True, text=True)
        if done.returncode:
            raise FileNotFoundError(f"pip install alembic: {done.stderr.strip()[-200:]}")
        self.folder, self.env = os.path.join(folder, "alembic"), {**os.environ, "PYTHONPATH": packages}
        versions = os.path.join(self.folder, "scripts", "versions")
        os.makedirs(versions)
        with open(os.path.join(self.folder, "alembic.ini"), "w") as out:
            out.write("[alembic]\nscript_location = scripts\n")
        with open(os.path.join(self.folder, "scripts", "env.py"), "w") as out:
            out.write(
                "from alembic import context\nfrom sqlalchemy import create_engine\n"
                f"with create_engine('postgresql+psycopg2://{SERVER.username}@{PLACE}/bench').connect() as connection:\n"
                "    context.configure(connection=connection, transaction_per_migration=True)\n"
                "    with context.begin_transaction():\n        context.run_migrations()\n"
            )
        for n in range(COUNT):
            do, undo = sql_of(n)
            before = f"'c{n - 1}'" if n else "None"
            with open(os.path.join(versions, f"c{n}.py"), "w") as out:
                out.write(
                    f"from alembic import op\nrevision = 'c{n}'\ndown_revision = {before}\n"
                    f"def upgrade():\n    op.execute({do!r})\ndef downgrade():\n    op.execute({undo!r})\n"
                )

    def words(self):
        return [sys.executable, "-m", "alembic", "upgrade", "head"]


def run(peer):
    """Seconds, and the most memory in MB."""
    started = time.perf_counter()
    child = subprocess.Popen(peer.words(), cwd=peer.folder, env=getattr(peer, "env", None), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = child.stderr.read().decode()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{peer.name}: {said[-800:]}")
    return time.perf_counter() - started, usage.ru_maxrss // 1024


def main():
    folder = tempfile.mkdtemp(prefix="changelog-peers-")
    server = measure.Server("postgresql", os.environ["CHANGELOG_TEST_POSTGRES_URL"])
    for kind in (Ours, Liquibase, Dbmate, Alembic):
        own = os.path.join(folder, kind.__name__)
        os.makedirs(own)
        try:
            peer = kind(own)
        except FileNotFoundError as reason:
            print(f"{kind.name}: left out: {reason}", flush=True)
            continue
        server.empty()
        first, memory = run(peer)
        again, _ = run(peer)
        print(f"{peer.name}: {COUNT} changes {first:.2f} s, {memory} MB; nothing to do {again * 1000:.0f} ms", flush=True)


if __name__ == "__main__":
    main()
