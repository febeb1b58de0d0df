"""What is installed is what the record of the release asks for, by the packages' own metadata."""

from __future__ import annotations

import os
import sys
from importlib.metadata import distributions, version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FROZEN = Path(os.environ["GATEWAY_REQUIREMENTS"]).read_text(encoding="utf-8").splitlines()
ASKED = [Requirement(line.removeprefix("# asked: ")) for line in FROZEN if line.startswith("# asked: ")]


def demands() -> dict[str, set[str]]:
    """Extras of each package that is needed, from those asked for on; fails on a package that is missing or of a version nobody asked for."""
    installed = {canonicalize_name(each.metadata["Name"]): each for each in distributions()}
    seen: dict[str, set[str]] = {}
    faults: list[str] = []
    open_ = [("the record", each) for each in ASKED]
    while open_:
        by, wanted = open_.pop()
        name = canonicalize_name(wanted.name)
        found = installed.get(name)
        if found is None or not wanted.specifier.contains(found.version, prereleases=True):
            faults.append(f"{by} needs {wanted}, installed is {found and found.version}")
            continue
        news = {canonicalize_name(each) for each in wanted.extras} | {""}
        for extra in sorted(news - seen.get(name, set())):
            seen.setdefault(name, set()).add(extra)
            for text in found.requires or []:
                each = Requirement(text)
                # Those without a marker come with every extra; once is enough.
                needed = each.marker.evaluate({"extra": extra}) if each.marker else extra == ""
                if needed:
                    open_.append((f"{name}[{extra}]", each))
    assert faults == []
    return seen


def test_every_package_of_the_images_extras_is_installed_in_a_version_it_demands() -> None:
    seen = demands()
    assert "proxy-runtime" in seen["litellm"]
    assert len(seen) > 150


def test_the_suite_runs_the_python_it_is_frozen_for() -> None:
    assert f"# Python {sys.version_info.major}.{sys.version_info.minor}" in FROZEN


def test_nothing_is_installed_beside_the_frozen_packages() -> None:
    frozen = {canonicalize_name(name): number for name, _, number in (line.partition("==") for line in FROZEN) if number and not name.startswith("#")}
    # pip came with the environment.
    installed = {canonicalize_name(each.metadata["Name"]): each.version for each in distributions()}
    del installed["pip"]
    assert installed == frozen
    assert version("litellm") == frozen["litellm"]
