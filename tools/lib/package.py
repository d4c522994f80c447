#!/usr/bin/env python3
"""Writes the built page into zips: one for any web host, one for a course system.

    package.py SITE VERSION OUTPUT-FOLDER [--data] [--cifar10]

The page's addresses are all relative, so it may stand in any folder of a host. The course system's zip is the same with an
imsmanifest.xml: a SCORM 1.2 package of one asset, which is index.html. The same files give the same bytes.
"""

import argparse
import json
import pathlib
import xml.etree.ElementTree as ET
import zipfile

PACKAGING = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
SCORM = "http://www.adlnet.org/xsd/adlcp_rootv1p2"
TITLE = "LeNet Lab"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can name


def page_files(site):
    """Path to bytes of everything but the data sets."""
    paths = sorted(path for path in site.rglob("*") if path.is_file())
    names = ((path.relative_to(site).as_posix(), path) for path in paths)
    return {name: path.read_bytes() for name, path in names if not name.startswith("data/")}


def data_files(site, sets):
    """The data sets named, of those beside the page, with the list of them. Raises KeyError for one that is not there."""
    index = json.loads((site / "data" / "index.json").read_text()) if sets else {}
    chosen = {name: index[name] for name in sets}
    files = {"data/index.json": (json.dumps(chosen, indent=2) + "\n").encode()}
    for name in sets:
        for part in chosen[name]["files"].values():
            for file in part if isinstance(part, list) else [part]:
                files[f"data/{file['url']}"] = (site / "data" / file["url"]).read_bytes()
    return files


def manifest(version, names):
    """imsmanifest.xml: one thing to open, index.html, and the names of all files that belong to it."""
    ET.register_namespace("", PACKAGING)
    ET.register_namespace("adlcp", SCORM)
    root = ET.Element(f"{{{PACKAGING}}}manifest", identifier=f"lenet-lab-{version}", version="1.1")

    def child(parent, tag, text=None, **attributes):
        element = ET.SubElement(parent, f"{{{PACKAGING}}}{tag}", attributes)
        element.text = text
        return element

    metadata = child(root, "metadata")
    child(metadata, "schema", "ADL SCORM")
    child(metadata, "schemaversion", "1.2")
    organization = child(child(root, "organizations", default="course"), "organization", identifier="course")
    child(organization, "title", TITLE)
    item = child(organization, "item", identifier="page", identifierref="files", isvisible="true")
    child(item, "title", TITLE)
    resource = child(child(root, "resources"), "resource", identifier="files", type="webcontent", href="index.html")
    resource.set(f"{{{SCORM}}}scormtype", "asset")  # it reports no marks
    for name in names:
        child(resource, "file", href=name)
    ET.indent(root)
    return ET.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def write_zip(target, files):
    """The files in the order of their names, all of one date, so that the bytes depend on nothing else."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".gz") else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    print(f"{target} ({target.stat().st_size / 1e6:.1f} MB, {len(files)} files)")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("site", type=pathlib.Path)
    parser.add_argument("version")
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--data", action="store_true")
    parser.add_argument("--cifar10", action="store_true")
    options = parser.parse_args()

    sets = ["mnist"] * options.data + ["cifar10"] * options.cifar10
    try:
        files = page_files(options.site) | data_files(options.site, sets)
    except (OSError, KeyError) as problem:
        parser.exit(1, f"error: the site does not have it all: {problem}\n")
    if "index.html" not in files:
        parser.exit(1, f"error: no page in {options.site}\n")
    write_zip(options.output / f"lenet-lab-{options.version}.zip", files)
    course = files | {"imsmanifest.xml": manifest(options.version, sorted(files))}
    write_zip(options.output / f"lenet-lab-{options.version}-course.zip", course)


if __name__ == "__main__":
    main()
