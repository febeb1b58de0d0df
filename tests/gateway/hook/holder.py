"""A worker of its own for the tests, to be killed: `holder.py PORT PLACES WAITERS` says "ready" when the former are held and the latter wait."""

from __future__ import annotations

import asyncio
import sys

import redis.asyncio

from cline_gateway.admission import Admission
from conftest import SHORT, by, settings


async def main(port: int, places: int, waiters: int) -> None:
    admission = Admission(redis.asyncio.Redis(host="127.0.0.1", port=port), settings(places), rules=SHORT)
    for n in range(places):
        await admission.enter(f"held{n}", "strong", by("high"))
    waiting = [asyncio.create_task(admission.enter(f"waiting{n}", "strong", by("high"))) for n in range(waiters)]
    await asyncio.sleep(0.1)
    print("ready", flush=True)
    await asyncio.gather(*waiting)


asyncio.run(main(*(int(argument) for argument in sys.argv[1:])))
