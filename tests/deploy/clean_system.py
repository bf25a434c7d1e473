# SPDX-License-Identifier: Apache-2.0
"""A clean Debian system in a container, as small as debootstrap makes it, and booted by its own systemd."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

CANNOT = 77
ROOT = pathlib.Path(__file__).resolve().parents[2]
LIMITS = ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=8192:8192"]


def cannot(why):
    """Ends the test: skipped, or failed where everything has to be there."""
    print(f"cannot run here: {why}")
    sys.exit(1 if os.environ.get("CI") == "true" else CANNOT)


def need(*tools):
    if os.geteuid() != 0:
        cannot("making a system needs root")
    for tool in tools:
        if not shutil.which(tool):
            cannot(f"{tool} is missing; run deploy/dependencies --for test")


def expect(holds, text):
    if not holds:
        sys.exit(f"BAD  {text}")
    print(f"     {text}", flush=True)


def run(*command, check=True, fail=sys.exit, **more):
    """What it printed; a command that fails ends the test with all it said."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          **more)
    if check and done.returncode != 0:
        fail(f"failed with {done.returncode}: {' '.join(map(str, command))}\n{done.stdout}")
    return done.stdout


def wait_until(what, answer, seconds=60, otherwise=lambda: "", fail=sys.exit):
    """Until the answer is true; if it does not become so, the test ends with what else there is to say."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer():
            return
        time.sleep(0.2)
    fail(f"after {seconds} s still not: {what}\n{otherwise()}")


def build_packages(folder, programs):
    """Of the programs in a folder, or, without one, of what is compiled anew."""
    run(ROOT / "deploy/packages", "--out", folder, *(["--programs", programs] if programs else []),
        env={**os.environ, "DEB_BUILD_OPTIONS": "noautodbgsym"})
    return sorted(folder.glob("*.deb"))


def mirror():
    """Where this machine has its packages from, and of which release."""
    for line in run("apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)",
                    "Created-By: Packages").splitlines():
        address, release, component = line.split()
        if component == "main" and "-" not in release:
            return address, release
    cannot("apt knows no release with the component main")


def dependencies(packages):
    """Names of the packages that these files depend on: of alternatives, the first."""
    names = set()
    for package in packages:
        for alternatives in run("dpkg-deb", "--field", package, "Depends").strip().split(","):
            names.update(re.findall(r"^\s*([a-z0-9.+-]+)", alternatives))
    return sorted(names)


class Podman:
    """With images and containers of its own, in a folder that goes away with them."""

    def __init__(self, folder, network=()):
        """`network`: words before each command that say whose network containers share with this machine."""
        self.folder = folder
        (folder / "containers.conf").write_text(
            '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]\n[engine]\nruntime = "runc"\n')
        self.environment = {**os.environ, "CONTAINERS_CONF": str(folder / "containers.conf")}
        self.own = ["--root", folder / "storage", "--runroot", folder / "run"]
        self.command = [*network, "podman", *self.own]

    def __call__(self, *words, check=True, fail=sys.exit):
        return run(*self.command, *words, check=check, fail=fail, env=self.environment)

    def end(self):
        self("rm", "--all", "--force", "--time", "1", check=False)
        self("rmi", "--all", "--force", check=False)
        # What podman could not take down would keep the folder from going away, and fail a test that is skipped.
        for line in reversed(pathlib.Path("/proc/self/mounts").read_text().splitlines()):
            place = line.split()[1]
            if place.startswith(f"{self.folder}/"):
                run("umount", "--lazy", place, check=False)

    def make_image(self, name, include=()):
        """Of a clean system with these packages and what they depend on."""
        address, release = mirror()
        system = self.folder / "system"
        more = [f"--include={','.join(include)}"] if include else []
        run("debootstrap", "--variant=minbase", *more, release, system, address, fail=cannot)
        with subprocess.Popen(["tar", "-C", system, "-c", "."], stdout=subprocess.PIPE) as tar:
            run(*self.command, "import", "--change",
                "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "-", name, stdin=tar.stdout,
                fail=cannot, env=self.environment)
        run("rm", "-rf", system)

    def build(self, image, base, file, packages, fail=sys.exit):
        """As deploy/container says, of this machine's network alone, which has a way out."""
        run("podman", *self.own, "build", "--network", "host", "--build-arg", f"BASE=localhost/{base}", "--file", file,
            "--tag", image, packages, fail=fail, env=self.environment)

    def need_building(self, base):
        """Ends the test where this machine cannot build and run even what has nothing of ours."""
        file = self.folder / "Containerfile"
        file.write_text("ARG BASE\nFROM $BASE\nRUN --mount=type=bind,target=/packages apt-get update\n")
        (self.folder / "nothing").mkdir()
        self.build("nothing", base, file, self.folder / "nothing", fail=cannot)
        self("run", "--rm", "--network", "host", "nothing", "true", fail=cannot)


class System:
    """A container that systemd has booted. There is nothing of ours in it yet: where it does not boot, this machine cannot."""

    def __init__(self, podman, image, name="system"):
        self.podman, self.name = podman, name
        podman("run", "--detach", "--privileged", "--systemd=always", *LIMITS, "--network=none", "--name", name, image,
               "/sbin/init", fail=cannot)
        self.pid = podman("inspect", "--format", "{{.State.Pid}}", name).strip()
        self.network = ["nsenter", "--target", self.pid, "--net"]
        is_running = lambda: self("systemctl", "is-system-running", check=False).strip()
        wait_until("systemd is up in a container", lambda: is_running() in ("running", "degraded"),
                   otherwise=lambda: is_running() + "\n" + podman("logs", name, check=False), fail=cannot)

    def __call__(self, *words, check=True):
        return self.podman("exec", self.name, *words, check=check)

    def write(self, path, text):
        run(*self.podman.command, "exec", "--interactive", self.name, "sh", "-c", f"cat > {path}", input=text,
            env=self.podman.environment)

    def put(self, file, path):
        self.podman("cp", file, f"{self.name}:{path}")

    def files(self):
        """Every file of the system itself: not of what runs, nor of logs and caches."""
        return set(self("find", "/", "-xdev", "-not", "-path", "/run/*", "-not", "-path", "/tmp/*", "-not", "-path",
                        "/var/log/*", "-not", "-path", "/var/cache/*", "-not", "-path", "/var/tmp/*").splitlines())
