"""A submission full of what would run or load something if a page let it: each piece sets window.pwned, opens a
dialog, or asks a foreign server."""

import base64

import nbformat

AWAY = "http://192.0.2.1/pwned"
RUN = "window.pwned=1;alert('pwned')"
SCRIPT = f"<script>{RUN}</script>"

HTML = [
    SCRIPT,
    f'<img src=x onerror="{RUN}">',
    f'<svg onload="{RUN}"><script>{RUN}</script><image href="{AWAY}.svg"/></svg>',
    f'<iframe src="{AWAY}"></iframe><iframe srcdoc="{SCRIPT}"></iframe>',
    f'<object data="{AWAY}"></object><embed src="{AWAY}"><video src="{AWAY}" poster="{AWAY}"></video>',
    f'<a href="javascript:{RUN}">x</a><a href="data:text/html,{SCRIPT}">x</a>',
    f'<style>@import url("{AWAY}.css"); body {{ background: url({AWAY}.png) }}</style>',
    f'<link rel="stylesheet" href="{AWAY}.css"><base href="{AWAY}/">',
    f'<meta http-equiv="refresh" content="0; url={AWAY}">',
    f'<form action="{AWAY}" method="post"><input name="x" value="y" autofocus onfocus="{RUN}"></form>'
    f"<script>document.forms[0].submit();fetch('{AWAY}')</script>",
    f'<details open ontoggle="{RUN}"><summary>x</summary></details><body onload="{RUN}">',
    f'<div style="background: url({AWAY}.png)">x</div><math><mtext><img src=x onerror="{RUN}"></mtext></math>',
    "</pre></div></td></table>" + SCRIPT,
]
MARKDOWN = [
    *HTML,
    f"![x]({AWAY}.png) ![y](attachment:y.svg)",
    f"[x](javascript:{RUN})",
    f"```\n</pre>{SCRIPT}\n```",
    f"$$\\href{{javascript:{RUN}}}{{x}}$$ $</math>{SCRIPT}$",
]

_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
DISPLAYS = f"""
from IPython.display import display, HTML, Image, Javascript, Latex, Markdown, SVG
import base64, struct, sys, zlib
for text in {HTML!r}:
    display(HTML(text), Markdown(text), Latex("$" + text + "$"))
    print(text)
    print(text, file=sys.stderr)
display(Javascript({RUN!r}))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg' onload=\\"{RUN}\\"><script>{RUN}</script></svg>"))
png = base64.b64decode({_PIXEL!r})
chunk = b"tEXt" + b"Comment\\0" + {SCRIPT!r}.encode()
chunk = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
display(Image(png[:33] + chunk + png[33:]), Image(url={AWAY + ".png"!r}))
display({{"application/javascript": {RUN!r}, "text/plain": {SCRIPT!r}}}, raw=True,
        metadata={{"text/plain": {{"x": {SCRIPT!r}}}}})
class Loud:
    def __repr__(self): return {SCRIPT!r}
    def _repr_html_(self): return {SCRIPT!r}
    def _repr_svg_(self): return {HTML[2]!r}
    def _repr_markdown_(self): return {SCRIPT!r}
    def _repr_javascript_(self): return {RUN!r}
display(Loud())
raise ValueError({SCRIPT!r})
"""


def fill(notebook, name="loss"):
    """Put all of it into a notebook: cells, outputs, metadata, attachments, and the solution cell of this name."""
    new = nbformat.v4
    for text in MARKDOWN:
        cell = new.new_markdown_cell(text, metadata={"tags": [SCRIPT], "name": SCRIPT})
        cell.attachments = {"y.svg": {"image/svg+xml": base64.b64encode(HTML[2].encode()).decode()}}
        notebook.cells[2:2] = [cell, new.new_raw_cell(text, metadata={"format": "text/html"})]
    data = {"text/html": "".join(HTML), "application/javascript": RUN, "text/plain": SCRIPT}
    claimed = [new.new_output("display_data", data), new.new_output("stream", text=SCRIPT)]
    notebook.cells[2:2] = [
        new.new_code_cell(DISPLAYS, outputs=claimed),
        new.new_code_cell("Loud()"),
        new.new_code_cell(f"# {SCRIPT}\ndef broken(:"),
    ]
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == name:
            cell.source += f"\n# </pre>{SCRIPT}"
            cell.metadata["html"] = SCRIPT
    notebook.metadata["title"] = f"</title>{SCRIPT}"
    notebook.metadata["gradbook"] = {"problem": SCRIPT, "hints": {"loss": [SCRIPT]}}
    return notebook
