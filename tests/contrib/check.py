#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The commands in contrib/ run: check.py DEEPMIRGENE

Nextflow, Snakemake and Galaxy are not needed. Each command is taken from its file, the workflow
system's names in it are replaced as the system would do, and it runs on examples/hairpins.fa.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import types
import xml.etree.ElementTree as xml

SOURCE = pathlib.Path(os.environ.get("DMG_SOURCE", pathlib.Path(__file__).resolve().parents[2]))
CONTRIB = SOURCE / "contrib"
EXAMPLE = SOURCE / "examples/hairpins.fa"
TRUE = {"predict": 3, "scan": 1}  # calls, or the fewest loci, in the example


def run(command, folder):
    """Runs a command of bash; the program is on PATH."""
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", command], cwd=folder,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, f"{command}\n{done.stdout}"


def check_rows(path):
    text = path.read_text()
    assert text.count("\tpre-miRNA\t") == TRUE["predict"] and text.count("\n") == 8, text


def check_loci(path):
    loci = [line for line in path.read_text().splitlines() if "\tpre_miRNA\t" in line]
    assert path.read_text().startswith("##gff-version 3") and len(loci) >= TRUE["scan"], loci


# --- nf-core ---

def nextflow_script(module, values):
    """The script block of a process, with its names replaced."""
    text = (CONTRIB / "nf-core" / module / "main.nf").read_text()
    block = re.search(r'\n    script:\n.*?"""\n(.*?)\n    """', text, re.S).group(1)
    block = re.sub(r"(?<!\\)\$\{?([A-Za-z_.]+)\}?", lambda m: values[m.group(1)], block)
    block = block.replace("\\$", "$").replace("\\\\", "\\")
    lines = [line[4:] if line.startswith("    ") else line for line in block.splitlines()]
    return "\n".join("\t" + line if line.startswith(("    deep", "END_V", '"')) else line
                     for line in lines)


def test_nf_core(folder):
    values = {"args": "", "use_model": "--model general", "task.cpus": "1", "prefix": "one",
              "fasta": str(EXAMPLE), "task.process": "DEEPMIRGENE"}
    run(nextflow_script("predict", values), folder)
    check_rows(folder / "one.tsv")
    assert "<html" in (folder / "one.html").read_text()
    values["args"] = "--threshold 0.5"
    run(nextflow_script("scan", values), folder)
    check_loci(folder / "one.gff3")
    assert "one" in json.loads((folder / "one_mqc.json").read_text())["data"]
    assert re.search(r"deepmirgene: \d+\.\d+\.\d+\s", (folder / "versions.yml").read_text())


# --- Snakemake ---

class Named(dict):
    """A list of files or parameters as a rule has them."""
    __getattr__ = dict.__getitem__


def run_wrapper(name, folder, **rule):
    """Runs a wrapper with a stand-in for Snakemake's module."""
    names = {"snakemake": types.SimpleNamespace(
        threads=1, log_fmt_shell=lambda stdout, stderr: "2> log.txt", **rule)}

    def shell(command):
        used = {key: value for key, value in names.items() if not key.startswith("__")}
        run(command.format(**used), folder)

    modules = {"snakemake": types.ModuleType("snakemake"),
               "snakemake.shell": types.ModuleType("snakemake.shell")}
    modules["snakemake.shell"].shell = shell
    sys.modules.update(modules)
    exec((CONTRIB / "snakemake" / name / "wrapper.py").read_text(), names)


def test_snakemake(folder):
    run_wrapper("predict", folder, input=Named(fasta=EXAMPLE),
                output=Named(predictions="p.tsv", report="p.html"), params=Named(extra="--mature"))
    assert (folder / "p.tsv").read_text().count("\tpre-miRNA\t") == TRUE["predict"]
    assert (folder / "p.html").exists()
    run_wrapper("scan", folder, input=Named(fasta=EXAMPLE, model="human"),
                output=Named(loci="s.gff3", multiqc="s_mqc.json"),
                params=Named(extra="--threshold 0.5"))
    check_loci(folder / "s.gff3")
    assert (folder / "s_mqc.json").exists()


# --- Galaxy ---

def galaxy_values(tool, macros, test, folder):
    """The values of a test, and presets of what it does not name."""
    given = {param.get("name"): param.get("value") for param in test.iter("param")}
    values = {output.get("name"): str(folder / output.get("name"))
              for output in tool.find("outputs")}
    for param in list(tool.find("inputs").iter("param")) + list(macros.iter("param")):
        name = param.get("name") or param.get("argument").lstrip("-").replace("-", "_")
        value = given.get(name, param.get("value"))
        if param.get("type") == "data":
            value = str(SOURCE / "examples" / value)
        elif param.get("type") == "boolean":
            value = param.get("truevalue" if value == "true" else "falsevalue")
        elif param.get("type") == "select":
            options = [option.get("value") for option in param.iter("option")]
            preset = [o.get("value") for o in param.iter("option") if o.get("selected") == "true"]
            value = value or preset[0]
            assert value in options, (name, value)
        values[name] = value
    return values


def galaxy_output(output, folder):
    text = (folder / output.get("name")).read_text()
    for check in output.find("assert_contents"):
        if check.tag == "has_text":
            assert check.get("text") in text, (check.get("text"), text)
        else:
            assert check.tag == "has_n_lines" and text.count("\n") == int(check.get("n")), text


def test_galaxy(folder):
    macros = xml.parse(CONTRIB / "galaxy/macros.xml").getroot()
    for path in sorted((CONTRIB / "galaxy").glob("deepmirgene_*.xml")):
        tool = xml.parse(path).getroot()
        for test in tool.find("tests"):
            values = galaxy_values(tool, macros, test, folder)
            command = re.sub(r"(?<!\\)\$(\w+)", lambda m: values[m.group(1)],
                             tool.find("command").text)
            run(command.replace("\\$", "$").replace("\n", " "), folder)
            for output in test.iter("output"):
                galaxy_output(output, folder)


def test_versions(_):
    """What is asked of package managers is the version that is built."""
    version = re.search(r"version: '(.*?)'", (SOURCE / "meson.build").read_text()).group(1)
    places = {"contrib/galaxy/macros.xml": f'"@TOOL_VERSION@">{version}<',
              "CITATION.cff": f"\nversion: {version}\n",
              "recipe/meta.yaml": f'set version = "{version}"',
              "recipe/Dockerfile": f"ARG VERSION={version}\n",
              "recipe/deepmirgene.def": f"\n    version={version}\n"}
    for module in "predict", "scan":
        places[f"contrib/nf-core/{module}/environment.yml"] = f"deepmirgene={version}"
        places[f"contrib/nf-core/{module}/main.nf"] = f"deepmirgene:{version}--"
        places[f"contrib/snakemake/{module}/environment.yaml"] = f"deepmirgene ={version}\n"
    for place, text in places.items():
        assert text in (SOURCE / place).read_text(), f"{place} lacks {text!r}"


def main():
    os.environ["PATH"] = f"{pathlib.Path(sys.argv[1]).resolve().parent}:{os.environ['PATH']}"
    for test in test_nf_core, test_snakemake, test_galaxy, test_versions:
        with tempfile.TemporaryDirectory(prefix="deepmirgene-contrib-") as folder:
            test(pathlib.Path(folder))
        print("ok -", test.__name__)


if __name__ == "__main__":
    main()
