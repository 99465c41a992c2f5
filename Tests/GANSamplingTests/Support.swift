import Foundation
import Patches
import TestSupport
import TorchCore

@testable import GANModel

/// A generator of 64 px with random weights, in a file of `folder`.
func writeFixedSizeModel(in folder: TemporaryFolder, name: String = "fixed.safetensors") throws
  -> String
{
  let architecture = Architecture(sizePixels: 64, channels: 1, latentSize: 4)
  let generator = try Generator(architecture, RandomGenerator(seed: 1, .testInput))
  let path = folder.file(name)
  try ModelFile.write(
    generator,
    ModelDescription(
      architecture: architecture, transform: RateTransform(scaleCMPerYear: 3), iterations: 10,
      patchesSeen: 80, scenes: ["etna"], patches: PatchLoaderConfiguration(), epoch: 1), to: path)
  return path
}

/// A field model with random weights, in a file of `folder`.
func writeFieldModel(
  in folder: TemporaryFolder, detail: Bool = false, greatestRateCMPerYear: Double? = nil
) throws -> String {
  let random = try RandomGenerator(seed: 3, .testInput)
  let labelCount = detail ? 7 : 5
  let row: [Float] = [0, 1, 0, 1, 0, -1, 0]
  let rows = row.prefix(labelCount) + row.prefix(labelCount).map { $0 + 0.1 }
  var state: [String: Tensor] = ["labels": try Tensor(Array(rows), shape: [2, labelCount])]
  func add(_ prefix: String, _ layout: FieldGenerator.Layout) throws {
    for (name, tensor) in try FieldGenerator(layout, random).state() {
      state["\(prefix).\(name)"] = tensor
    }
  }
  try add("base", .base(channels: 1, labelCount: labelCount, outputChannels: detail ? 2 : 1))
  if detail { try add("detail", .detail(channels: 1)) }
  let description = FieldModelDescription(
    baseChannels: 1, detailChannels: detail ? 1 : nil,
    greatestRateCMPerYear: greatestRateCMPerYear, sizePixels: 48, iterations: 0,
    scenes: ["coso"])
  let path = folder.file("field.safetensors")
  try Safetensors.write(
    state,
    metadata: [
      "format": FieldModel.formatName,
      "description": String(decoding: try JSONEncoder().encode(description), as: UTF8.self),
    ], to: path)
  return path
}
