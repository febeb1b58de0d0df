"""Reads commands as AWS's command line does, by botocore's models, and sends none.

Standard input: a JSON list of argument lists (those after `aws`). Exits 1 with each command that is not
understood, lacks a parameter, has an unknown one or one of another type, length, pattern or value.
"""

import contextlib
import io
import json
import re
import sys

import awscli.clidriver


class Sent(Exception):
    """The request is complete."""


def constraint_faults(shape, value, at=""):
    """Faults that botocore leaves to the service: unknown members, maximum length, pattern and enum."""
    kind = shape.type_name
    if kind == "structure":
        unknown = [f"{at}.{key}: unknown" for key in value if key not in shape.members]
        known = [(key, each) for key, each in value.items() if key in shape.members]
        return unknown + [f for key, each in known for f in constraint_faults(shape.members[key], each, f"{at}.{key}")]
    if kind == "list":
        return [f for n, each in enumerate(value) for f in constraint_faults(shape.member, each, f"{at}[{n}]")]
    if kind == "map":
        return [f for key, each in value.items() for f in constraint_faults(shape.value, each, f"{at}.{key}")]
    faults = []
    if kind == "string":
        if "max" in shape.metadata and len(value) > shape.metadata["max"]:
            faults.append(f"{at}: longer than {shape.metadata['max']}")
        if shape.enum and value not in shape.enum:
            faults.append(f"{at}: {value} is none of {shape.enum}")
        pattern = shape.metadata.get("pattern")
        if pattern and not re.fullmatch(pattern.replace(r"\p{L}\p{Z}\p{N}", r"\w\s"), value):
            faults.append(f"{at}: {value} does not match {pattern}")
    if kind == "integer" and not shape.metadata.get("min", value) <= value <= shape.metadata.get("max", value):
        faults.append(f"{at}: {value} is out of range")
    return faults


def main():
    driver = awscli.clidriver.create_clidriver()
    sent = []

    def before_parameters(params, model, **_):
        sent.append((model.name, params, model.input_shape))

    def before_call(**_):
        raise Sent

    driver.session.register("before-parameter-build", before_parameters)
    driver.session.register("before-call", before_call)
    commands = json.load(sys.stdin)
    failed = 0
    for args in commands:
        sent.clear()
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            try:
                driver.main(args if "--region" in args else [*args, "--region", "eu-west-1"])
            except SystemExit:
                pass
        name, params, shape = sent[-1] if sent else ("nothing", {}, None)
        faults = constraint_faults(shape, params) if shape and params else []
        # Without a complete request, the command line has said why.
        said = said.getvalue().strip().splitlines()
        if name.lower() != args[1].replace("-", "") or said or faults:
            failed += 1
            print(f"not understood: aws {' '.join(args)}: {name}", *said[-1:], *faults)
    print(f"{len(commands) - failed} passed, {failed} failed: commands read by AWS's command line")
    sys.exit(1 if failed or not commands else 0)


main()
