#!/usr/bin/env python3
"""PyTorch, as a process that answers lines: "about", or "<train|inference> <batch> <seconds>" -> one line of JSON each.

Usage: peer.py MNIST-FOLDER THREADS, with OMP_NUM_THREADS=THREADS and OPENBLAS_NUM_THREADS=1. PyTorch splits the work over its own
threads and calls the BLAS from each of them; a BLAS with threads of its own would fight with those for the cores.
"""
import ctypes
import gzip
import json
import os
import sys
import time

import numpy
import torch
from torch import nn
from torch.nn import functional


def bytes_of(folder, name, head):
    with gzip.open(os.path.join(folder, name + ".gz")) as file:
        return numpy.frombuffer(file.read(), numpy.uint8)[head:]


def images_of(folder, name):
    pixels = bytes_of(folder, name, 16).astype(numpy.float32) / 255
    return torch.from_numpy(pixels.reshape(-1, 1, 28, 28))


def make_network():
    return nn.Sequential(
        nn.Conv2d(1, 20, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(20, 50, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(800, 500), nn.ReLU(), nn.Linear(500, 10))


class Training:
    def __init__(self, folder):
        self.images = images_of(folder, "train-images-idx3-ubyte")
        self.labels = torch.from_numpy(bytes_of(folder, "train-labels-idx1-ubyte", 8).astype(numpy.int64))
        self.network = make_network()
        self.optimizer = torch.optim.SGD(self.network.parameters(), lr=0.02, momentum=0.9)
        self.shuffle()

    def shuffle(self):
        self.order = torch.randperm(len(self.labels))
        self.next = 0

    def step(self, batch):
        if self.next + batch > len(self.labels):
            self.shuffle()
        chosen = self.order[self.next:self.next + batch]
        self.next += batch
        self.optimizer.zero_grad(set_to_none=True)
        loss = functional.cross_entropy(self.network(self.images[chosen]), self.labels[chosen])
        loss.backward()
        self.optimizer.step()
        return loss.item()


class Inference:
    def __init__(self, folder):
        self.images = images_of(folder, "t10k-images-idx3-ubyte")
        self.network = make_network().eval()
        self.next = 0

    def step(self, batch):
        if self.next + batch > len(self.images):
            self.next = 0
        with torch.inference_mode():
            functional.softmax(self.network(self.images[self.next:self.next + batch]), dim=1)
        self.next += batch
        return 0.0


def timed(run, batch, seconds):
    images, steps, loss, elapsed = 0, 0, 0.0, 0.0
    started = time.perf_counter()
    while elapsed < seconds:
        loss += run.step(batch)
        images += batch
        steps += 1
        elapsed = time.perf_counter() - started
    return {"images": images, "seconds": elapsed, "loss": loss / steps}


def blas():
    """What OpenBLAS says of itself; nothing when another library does its work."""
    with open("/proc/self/maps", encoding="utf-8") as maps:
        if "openblas" not in maps.read():
            return None
    try:
        about = ctypes.CDLL("libblas.so.3").openblas_get_config
        about.restype = ctypes.c_char_p
        return about().decode()
    except (OSError, AttributeError):
        return "OpenBLAS"


def main():
    folder, threads = sys.argv[1], int(sys.argv[2])
    torch.manual_seed(1)
    torch.set_num_threads(threads)
    runs = {}
    for line in sys.stdin:
        words = line.split()
        try:
            if words[0] == "about":
                torch.mm(torch.ones(2, 2), torch.ones(2, 2))
                answer = {"torch": torch.__version__, "threads": torch.get_num_threads(), "blas": blas()}
            else:
                if words[0] not in runs:
                    runs[words[0]] = {"train": Training, "inference": Inference}[words[0]](folder)
                answer = timed(runs[words[0]], int(words[1]), float(words[2]))
        except Exception as error:  # pylint: disable=broad-except # the other side has to be told, whatever it is
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main()
