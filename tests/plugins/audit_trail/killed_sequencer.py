"""A sequencer in a process of its own, to be killed: worker address, data directory."""

import asyncio
import sys

from psycopg import AsyncConnection

from cms.host import secret_key
from cms.settings import Settings
from plugins.audit_trail.heads.evidence import Evidence
from plugins.audit_trail.log.sequencer import lead, open_sequencer
from plugins.audit_trail.settings import AuditSettings, audit_folder


async def main(address: str, house: Settings) -> None:
    evidence, sign = Evidence(audit_folder(house)), secret_key(house).digest
    settings = AuditSettings(checkpoint=0.01, batch=7)
    async with await AsyncConnection.connect(address, autocommit=True) as connection:
        await lead(connection)
        sequencer = await open_sequencer(connection, evidence, "clinica.example", settings, sign)
        print("leads", flush=True)
        while True:
            await sequencer.step()
            await asyncio.sleep(0.001)


asyncio.run(main(sys.argv[1], Settings(data_dir=sys.argv[2])))
