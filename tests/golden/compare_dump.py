#!/usr/bin/python3
"""Holds what `lenet-lab dump` wrote against PyTorch in double precision: every file, max|a - b| / max|b|.

    apt-get install --no-install-recommends python3-torch python3-numpy
    lenet-lab dump --weights w.safetensors --images x.npy --labels y.npy --out DIR --project conv1:3,conv2:7,fc1:10
    /usr/bin/python3 tests/golden/compare_dump.py w.safetensors x.npy y.npy DIR

With --mnist FOLDER instead of files x.npy and y.npy that exist, they are first made from N test images (--count) and the script
stops there: run dump, then the script again without it. It also prints the accuracy that PyTorch has on these images.

An image in which a ReLU, a pool or the unit's maximum is decided by less than 1e-5 of the layer's largest value is left out of
the projections, and counted: there rounding may rightly decide otherwise. Exits with 1 when a difference is over 1e-5.
"""

import argparse
import glob
import gzip
import os
import sys

import numpy as np
import torch

import reference as ref

LIMIT = MARGIN = 1e-5


def read_mnist(folder, name):
    with gzip.open(os.path.join(folder, name + ".gz")) as file:
        data = file.read()
    shape = [int.from_bytes(data[4 + 4 * i : 8 + 4 * i], "big") for i in range(data[3])]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)


def make_inputs(args):
    pixels = read_mnist(args.mnist, "t10k-images-idx3-ubyte")[: args.count, None]
    np.save(args.images, pixels.astype(np.float32) / np.float32(255))
    np.save(args.labels, read_mnist(args.mnist, "t10k-labels-idx1-ubyte")[: args.count].astype(np.int64))


def difference(ours, theirs):
    ours, theirs = ours.astype(np.float64), np.asarray(theirs)
    assert ours.shape == theirs.shape, (ours.shape, theirs.shape)
    scale = np.abs(theirs).max() if theirs.size else 0
    worst = np.abs(ours - theirs).max() if theirs.size else 0
    return worst / scale if scale > 0 else worst


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("weights")
    parser.add_argument("images")
    parser.add_argument("labels")
    parser.add_argument("folder")
    parser.add_argument("--network", help="a preset or a description (default: what the weights file says)")
    parser.add_argument("--mnist")
    parser.add_argument("--count", type=int, default=100)
    args = parser.parse_args()
    if args.mnist:
        return make_inputs(args)

    weights, metadata = ref.read_safetensors(args.weights)
    network = args.network or metadata["network"]
    layers = ref.parse_network(ref.PRESETS.get(network, network))
    images = torch.from_numpy(np.load(args.images).astype(np.float64))
    labels = torch.from_numpy(np.load(args.labels))
    load = lambda name: np.load(os.path.join(args.folder, name + ".npy"))
    over = 0

    def report(name, value, note=""):
        nonlocal over
        over += value > LIMIT
        print(f"{value:9.2e}  {name}{note}{'  OVER' if value > LIMIT else ''}")

    with torch.no_grad():
        outputs = ref.forward(layers, weights, images)
    for layer, output in zip(layers, outputs):
        report("activation." + layer["name"], difference(load("activation." + layer["name"]), output))
    loss, gradients = ref.loss_and_gradients(layers, weights, images, labels)
    report("loss", difference(load("loss"), loss))
    for name, gradient in gradients.items():
        report("gradient." + name, difference(load("gradient." + name), gradient))

    for path in sorted(glob.glob(os.path.join(args.folder, "project.*.npy"))):
        _, mode, name, unit = os.path.basename(path)[: -len(".npy")].split(".")
        last = ref.observed(layers, name)
        doubt = ref.doubtful(layers, weights, images, last, MARGIN)
        doubt |= ref.doubtful_peak(outputs[last][:, int(unit)].reshape(len(images), -1), MARGIN)
        keep = ~doubt.numpy()
        pixels = ref.project(layers, weights, images, name, int(unit), mode).detach().numpy()
        note = f"  ({keep.sum()} images, {doubt.sum()} left out; {difference(np.load(path), pixels):.1e} with them)"
        report(f"project.{mode}.{name}.{unit}", difference(np.load(path)[keep], pixels[keep]), note)

    correct = (outputs[-1].argmax(1) == labels).sum().item()
    print(f"PyTorch: {correct} of {len(labels)} correct; {over} of the differences over {LIMIT}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
