// What a user of the product gets with one import; no LibTorch, no system library.
@_exported import InSARPhase
@_exported import RateInversion
@_exported import Simulators

@_exported import enum Kernel.FreedMemory
