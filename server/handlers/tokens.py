"""Live token counts."""

from __future__ import annotations

import asyncio

from latentloom.graph.errors import did_you_mean

from ..api import TokensAnswer, TokensRequest
from ..api.parameters import NoParameters
from ..http.routing import Asked
from ..problems import not_found


async def count_tokens(asked: Asked[NoParameters, TokensRequest]) -> TokensAnswer:
    services, body = asked.services, asked.body

    def work() -> TokensAnswer:
        folders = services.models.folders()
        folder = folders.get(body.model)
        if folder is None:
            mend = did_you_mean(body.model, frozenset(folders))
            raise not_found(f"There is no model {body.model[:80]!r} in the model folders. {mend}".strip())
        return services.tokens.count(folder, body.text)

    return await asyncio.to_thread(work)
