"""One model file for `ganinsar generate` from networks that field_train.py saved.

    python field_export.py BASE.pt [DETAIL.pt] -o model.safetensors --scenes coso_d071 kirishima_alos2
    python field_export.py DETAIL.pt -o detail.safetensors --scenes coso_d071    # for `generate --coarse`

float16, with the checksum that the program verifies when it reads the file.
"""

import argparse
import hashlib
import json
import struct

import torch


def write_safetensors(tensors, metadata, path):
    """Values in name order, and a SHA-256 over the metadata and the values."""
    entries, data = {}, b""
    for name in sorted(tensors):
        values = tensors[name].contiguous().numpy().tobytes()
        entries[name] = {
            "dtype": "F16",
            "shape": list(tensors[name].shape),
            "data_offsets": [len(data), len(data) + len(values)],
        }
        data += values
    lines = "".join(f"{key}\0{metadata[key]}\0" for key in sorted(metadata))
    digest = hashlib.sha256(lines.encode() + data).hexdigest()
    header = json.dumps({"__metadata__": metadata | {"sha256": digest}} | entries).encode()
    header += b" " * (-len(header) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(header)) + header + data)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("networks", nargs="+")
    parser.add_argument("-o", "--output", required=True)
    parser.add_argument("--scenes", nargs="+", required=True)
    parser.add_argument("--greatest-rate", type=float, help="cm/yr: maps beyond it are drawn again by the program")
    arguments = parser.parse_args()
    saved = [torch.load(path, weights_only=True) for path in arguments.networks]
    kinds = [network["kind"] for network in saved]
    if kinds not in (["native"], ["coarse", "detail"], ["detail"]):
        parser.error(f"the networks are {kinds}: give a native one, a coarse and a detail one, or a detail one")
    if any(network.get("placed") for network in saved):
        parser.error("a network was trained with positions (--placed), which the program does not read yet")
    # Detail networks of earlier versions have no rule; their coarse networks draw the detail's strength, too.
    rule = {"refinement": saved[-1]["refinement"]} if "refinement" in saved[-1] else {}
    if len(saved) == 2 and bool(rule) != (saved[0]["table"].shape[1] == 5):
        parser.error("one of the two networks was trained by an earlier version of field_train.py")
    if kinds == ["detail"]:
        tensors = {f"detail.{key}": value.half() for key, value in saved[0]["ema"].items()}
        description = {
            "detailChannels": saved[0]["channels"],
            "iterations": saved[0]["iterations"],
            "scenes": arguments.scenes,
            **rule,
            **noise("detail", saved[0]),
        }
        write(tensors, "ganinsar-detail-1", description, arguments.output)
        return
    tensors = {"labels": saved[0]["table"].half()}
    if "scenes" in saved[0]:
        tensors |= {"rows.scene": saved[0]["row scenes"].half(), "rows.quiet": saved[0]["quiet"].half()}
        if sorted(arguments.scenes) != sorted(saved[0]["scenes"]):
            parser.error(f"the scenes are {' '.join(saved[0]['scenes'])}")
        arguments.scenes = saved[0]["scenes"]
    if "filter" in saved[0]:
        tensors["filter"] = saved[0]["filter"].half()
    for prefix, network in zip(("base", "detail"), saved):
        tensors |= {f"{prefix}.{key}": value.half() for key, value in network["ema"].items()}
    blocks = saved[0].get("blocks", 4)
    description = {
        "baseChannels": saved[0]["channels"],
        "baseBlocks": blocks,
        "sizePixels": (64 if len(saved) == 1 else 256) * 2 ** (blocks - 4),
        "iterations": saved[0]["iterations"],
        "scenes": arguments.scenes,
    }
    description |= noise("base", saved[0])
    if arguments.greatest_rate:
        description["greatestRateCMPerYear"] = arguments.greatest_rate
    if len(saved) == 2:
        description |= {"detailChannels": saved[1]["channels"], **rule, **noise("detail", saved[1])}
    write(tensors, "ganinsar-field-1", description, arguments.output)


def noise(level, network):
    return {f"{level}NoisePlanes": network["noise"]} if network.get("noise") else {}


def write(tensors, name, description, path):
    metadata = {"format": name, "description": json.dumps(description, sort_keys=True)}
    write_safetensors(tensors, metadata, path)


if __name__ == "__main__":
    main()
