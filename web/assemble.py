#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Puts the page together, all in one file: assemble.py BUILD OUT.html

BUILD is the folder of a build for WebAssembly (web/build.sh).
"""
import base64
import json
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent


def version(build):
    information = subprocess.run(["meson", "introspect", "--projectinfo", build],
                                 capture_output=True, text=True, check=True).stdout
    return json.loads(information)["version"]


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    build = pathlib.Path(sys.argv[1])
    parts = {
        "PAGE_CSS": (ROOT / "src/report/page.css").read_text(),
        "DRAWING_CSS": (ROOT / "src/report/drawing.css").read_text(),
        "WEB_CSS": (HERE / "web.css").read_text(),
        "VERSION": version(build),
        "PROGRAM_JS": (build / "cli/deepmirgene.js").read_text(),
        "WORKER_JS": (HERE / "worker.js").read_text(),
        "WASM_BASE64": base64.b64encode((build / "cli/deepmirgene.wasm").read_bytes()).decode(),
        "EXAMPLE": (ROOT / "examples/hairpins.fa").read_text(),
        "PAGE_JS": (HERE / "page.js").read_text(),
    }
    for name in ("PROGRAM_JS", "WORKER_JS", "EXAMPLE", "PAGE_JS"):
        if re.search(r"</script|<!--", parts[name], re.IGNORECASE):
            sys.exit(f"{name} cannot stand inside a script element")
    page = re.sub("@([A-Z0-9_]+)@", lambda match: parts[match[1]], (HERE / "page.html").read_text())
    pathlib.Path(sys.argv[2]).write_text(page)


main()
