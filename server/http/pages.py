"""The few pages that the server writes itself. No script in them, nothing from elsewhere."""

from __future__ import annotations

import html


def page(title: str, body: str, head: str = "") -> str:
    return (
        f'<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="/api/docs.css">{head}</head>\n<body>\n{body}\n</body>\n</html>\n'
    )


ASK_FOR_TOKEN = page(
    "Latentloom",
    "<main><h1>Latentloom</h1><p>This server asks for a token. It was printed when the server started.</p>"
    '<form method="get" action="/"><label>Token <input type="password" name="token" autofocus></label> '
    "<button>Open</button></form></main>",
)
COME_IN = page(
    "Latentloom", '<main><p><a href="/">Open Latentloom</a></p></main>', '<meta http-equiv="refresh" content="0;url=/">'
)
NOT_BUILT = page(
    "Latentloom",
    "<main><h1>Latentloom</h1><p>The server runs; its editor has not been built yet. In the repository's folder "
    "<code>web</code>, with Node.js:</p><pre>npm ci\nnpm run build</pre>"
    '<p>The <a href="/api/docs">API</a> is there without it.</p></main>',
)
STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
h1, h2, h3 { line-height: 1.2; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid #8886; padding-bottom: 0.3rem; }
code, pre { font: 14px/1.45 ui-monospace, monospace; }
pre { background: #8881; padding: 0.8rem; overflow-x: auto; border-radius: 6px; }
details { margin: 0.6rem 0; border: 1px solid #8884; border-radius: 6px; padding: 0.4rem 0.8rem; }
summary { cursor: pointer; }
.method { display: inline-block; min-width: 4.2rem; font-weight: 600; }
table { border-collapse: collapse; }
td, th { text-align: left; vertical-align: top; padding: 0.2rem 1rem 0.2rem 0; }
.muted { opacity: 0.7; }
"""
