"""A Mogi source with learned detail beside a measured scene, for docs/field-models.md.

    python scripts/endless/mogi.py coarse mogi.npy
    ganinsar generate -o detailed --count 1 --seed 2 --coarse mogi.npy --unit cm/yr --coarse-factor 16 \\
        --detail-floor 0.01
    ganinsar generate -o floor --count 1 --seed 2 --coarse mogi.npy --unit cm/yr --coarse-factor 16
    python scripts/endless/mogi.py picture mogi.npy detailed/sample-00000000.npy floor/sample-00000000.npy \\
        SCENE.npy -o mogi-detail.png

SCENE.npy: a rate map in cm/yr, such as a scene of a dataset that `ganinsar prepare` wrote; its middle is
shown. Needs numpy and pillow.
"""

import argparse

import numpy as np
from PIL import Image

SIDE, LIMIT = 512, 15.0


def coarse(path):
    """Line-of-sight rate over a deflating point source 5 km deep: 32 x 32 pixels of 1.28 km.

    Source: Mogi, "Relations between the eruptions of various volcanoes ...", 1958.
    """
    pixel, depth, incidence = 1.28, 5.0, np.radians(34)
    y, x = (np.mgrid[:32, :32] - 15.5) * pixel
    distance = (x**2 + y**2 + depth**2) ** 1.5
    rate = (depth * np.cos(incidence) + x * np.sin(incidence)) / distance
    np.save(path, (-14 * rate / rate.max()).astype(np.float32))


def shown(values):
    zoom = SIDE // max(values.shape)
    values = np.kron(values, np.ones((zoom, zoom))) if zoom > 1 else values
    t = np.nan_to_num(np.clip(values / LIMIT, -1, 1))[..., None]
    blue, red, white = (np.array(c, float) for c in ((16, 60, 120), (130, 20, 35), (247, 247, 247)))
    color = white + np.abs(t) ** 0.8 * (np.where(t < 0, blue, red) - white)
    color[np.isnan(values)] = 200
    return color.astype(np.uint8)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("task", choices=["coarse", "picture"])
    parser.add_argument("files", nargs="+")
    parser.add_argument("-o", "--output")
    arguments = parser.parse_args()
    if arguments.task == "coarse":
        return coarse(arguments.files[0])
    panels = []
    for path in arguments.files:
        values = np.load(path).astype(float)
        top, left = (max(0, (s - SIDE) // 2) for s in values.shape)
        panel = shown(values[top : top + SIDE, left : left + SIDE])
        canvas = np.full((SIDE, SIDE, 3), 255, np.uint8)
        canvas[: panel.shape[0], : panel.shape[1]] = panel
        panels += [canvas, np.full((SIDE, 12, 3), 255, np.uint8)]
    picture = Image.fromarray(np.concatenate(panels[:-1], 1))
    picture = picture.resize((picture.width * 5 // 8, picture.height * 5 // 8), Image.Resampling.LANCZOS)
    picture.save(arguments.output, optimize=True)


if __name__ == "__main__":
    main()
