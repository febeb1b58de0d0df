"""Runs Python with a generated client, one snippet per line of standard input: what it returns, or the exception, comes back as JSON."""

import asyncio
import datetime
import importlib
import json
import logging
import sys
import textwrap

sys.path.insert(0, sys.argv[1])
prisma = importlib.import_module(sys.argv[2])
logging.disable(logging.CRITICAL)


def plain(value: object) -> object:
    if hasattr(value, "model_dump"):
        return value.model_dump()
    return value.isoformat() if isinstance(value, datetime.datetime) else str(value)


async def answer(names: dict[str, object], body: str) -> str:
    try:
        exec(f"async def snippet():\n{textwrap.indent(textwrap.dedent(body), '    ')}", names)
        return json.dumps({"value": await names["snippet"]()}, default=plain)
    except BaseException as error:
        told = {"type": type(error).__name__, "message": str(error)}
        told |= {name: getattr(error, name, None) for name in ("code", "meta")}
        return json.dumps({"error": told}, default=plain)


async def main() -> None:
    names = {
        "asyncio": asyncio,
        "datetime": datetime,
        "prisma": prisma,
        "Json": prisma.Json,
        "db": prisma.Prisma(use_dotenv=False),
    }
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        print(await answer(names, json.loads(line)), flush=True)
    if names["db"].is_connected():
        await names["db"].disconnect()


asyncio.run(main())
