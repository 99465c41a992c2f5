"""Multiply-accumulates an image: `macs.py unet SIZE CH` (generator, discriminator) or `inception`."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts/fixtures"))

import torch
from torch.utils.flop_counter import FlopCounterMode


def macs(module, *shapes) -> float:
    # On the meta device nothing is computed; the counter counts two operations a MAC.
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        module.to("meta").eval()(*(torch.zeros(shape, device="meta") for shape in shapes))
    return counter.get_total_flops() / 2


def main() -> None:
    if sys.argv[1] == "inception":
        from pytorch_fid import inception
        from pytorch_fid.inception import fid_inception_v3

        inception.load_state_dict_from_url = lambda *_, **__: {}
        torch.nn.Module.load_state_dict = lambda module, state: None
        print(json.dumps({"inception": macs(fid_inception_v3(), (1, 3, 299, 299))}))
        return
    from unet_gan_reference import Generator, UNetDiscriminator

    size, ch = map(int, sys.argv[2:4])
    print(
        json.dumps(
            {
                "generator": macs(Generator(size, ch), (1, 128)),
                "discriminator": macs(UNetDiscriminator(size, ch), (1, 1, size, size)),
            }
        )
    )


if __name__ == "__main__":
    main()
