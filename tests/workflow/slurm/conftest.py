"""A real SLURM of one node on this machine, for the time of the tests. Needs root and Debian's slurm-wlm and munge."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

CONFIGURED = Path("/etc/slurm/slurm.conf")  # SLURM's own steps look nowhere else
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel")
START = 60.0  # seconds
CORES, MEMORY = 4, 16_000

SLURM_CONF = """
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort=26817
SlurmdPort=26818
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket
SlurmUser=root
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SlurmdParameters=config_overrides
MinJobAge=300
ReturnToService=2
GresTypes=gpu
NodeName={host} NodeAddr=127.0.0.1 CPUs={cores} RealMemory={memory} Gres=gpu:1 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


@dataclass(frozen=True)
class Cluster:
    """The running cluster."""

    folder: Path

    def queue(self) -> dict[str, str]:
        """The state of each job that waits or runs, by its number."""
        done = subprocess.run(
            ["squeue", "--noheader", "--format", "%i %T"], text=True, capture_output=True, check=True, timeout=30
        )
        states = dict(line.split() for line in done.stdout.splitlines())
        return {number: state for number, state in states.items() if state in ("PENDING", "RUNNING", "COMPLETING")}

    def wait_until(self, condition: Callable[[], bool], seconds: float = 120) -> None:
        """Raise TimeoutError when a condition does not come true."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError(f"not within {seconds} s; queue: {self.queue()}")
            time.sleep(0.2)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The cluster, or a skip with the reason; SCALING_NEEDS_SLURM=1 turns the skip into a failure."""
    if reason := _hindrance():
        if os.environ.get("SCALING_NEEDS_SLURM") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="slurm-test-", dir="/run"))  # munge wants parents that only root can write
    folder.chmod(0o755)
    daemons: list[subprocess.Popen[bytes]] = []
    try:
        _configure(folder)
        for command in _daemons(folder):
            daemons.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
            time.sleep(1)
        _wait_for_idle()
        yield Cluster(folder)
    finally:
        subprocess.run(["scancel", "--user", "root"], timeout=30, check=False)
        for daemon in reversed(daemons):
            daemon.terminate()
        for daemon in daemons:
            daemon.wait(30)
        CONFIGURED.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)


def _hindrance() -> str:
    """Why no cluster can be started here; nothing when it can."""
    if os.name != "posix" or os.geteuid() != 0:
        return "SLURM tests need root"
    if missing := [program for program in PROGRAMS if not shutil.which(program)]:
        return f"SLURM tests need Debian's slurm-wlm and munge: {missing[0]} is missing"
    if CONFIGURED.exists():
        return f"SLURM tests leave a configured cluster alone: {CONFIGURED} exists"
    return ""


def _configure(folder: Path) -> None:
    munge = pwd.getpwnam("munge")
    for name in ("munge", "state", "spool"):
        (folder / name).mkdir(mode=0o755)
    key = folder / "munge" / "key"
    key.write_bytes(secrets.token_bytes(128))
    key.chmod(0o400)
    for path in (folder / "munge", key):
        os.chown(path, munge.pw_uid, munge.pw_gid)
    host = socket.gethostname()
    text = SLURM_CONF.format(folder=folder, host=host, cores=CORES, memory=MEMORY)
    (folder / "slurm.conf").write_text(text)
    (folder / "gpu0").touch()  # a plain file stands for the device
    (folder / "gres.conf").write_text(f"NodeName={host} Name=gpu File={folder}/gpu0\n")
    CONFIGURED.parent.mkdir(parents=True, exist_ok=True)
    CONFIGURED.symlink_to(folder / "slurm.conf")


def _daemons(folder: Path) -> list[list[str]]:
    munge = folder / "munge"
    return [
        [
            *("runuser", "-u", "munge", "--", "munged", "--foreground", f"--key-file={munge}/key"),
            *(f"--socket={munge}/socket", f"--pid-file={munge}/pid", f"--log-file={munge}/log"),
            f"--seed-file={munge}/seed",
        ],
        ["slurmctld", "-D", "-f", f"{folder}/slurm.conf"],
        ["slurmd", "-D", "-f", f"{folder}/slurm.conf"],
    ]


def _wait_for_idle() -> None:
    end = time.monotonic() + START
    state = ""
    while time.monotonic() < end:
        found = subprocess.run(["sinfo", "-h", "-o", "%T"], text=True, capture_output=True, timeout=30, check=False)
        state = found.stdout.strip() or found.stderr.strip()
        if state == "idle":
            return
        time.sleep(0.5)
    detail = subprocess.run(["scontrol", "show", "node"], text=True, capture_output=True, timeout=30, check=False)
    raise RuntimeError(f"the node did not become idle within {START} s: {state}: {detail.stdout}")
