"""A sequencer in a process of its own, to be killed: worker address, folder."""

import asyncio
import sys
from pathlib import Path

from psycopg import AsyncConnection

from plugins.audit_trail.heads.evidence import Evidence
from plugins.audit_trail.log.sequencer import lead, open_sequencer
from plugins.audit_trail.settings import AuditSettings


async def main(address: str, folder: Path) -> None:
    settings = AuditSettings(checkpoint=0.01, batch=7)
    async with await AsyncConnection.connect(address, autocommit=True) as connection:
        await lead(connection)
        sequencer = await open_sequencer(connection, Evidence(folder), "clinica.example", settings)
        print("leads", flush=True)
        while True:
            await sequencer.step()
            await asyncio.sleep(0.001)


asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
