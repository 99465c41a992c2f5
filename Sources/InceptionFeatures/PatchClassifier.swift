import DurableFiles
import FeatureMetrics
import Kernel
import Pictures
import TorchCore
import TorchNN

/// A two-sample test with a small convolutional network: how often it tells images of a set from
/// real ones that it was not trained on. 0.5: it cannot; 1: always.
///
/// As `TwoSampleTest`, sample i of either set is in fold i % 5, and the accuracy is the mean over
/// the folds. The network sees images of 64 pixels: images that are larger as a random part of that
/// size, and a second network as a whole, shrunk; their logits are added.
/// Source: Lopez-Paz and Oquab, "Revisiting Classifier Two-Sample Tests", ICLR 2017.
struct PatchClassifier {
  static let folds = 5
  static let side = 64
  var epochs = 8
  var batch = 32
  var learningRate = 2e-3

  /// - Returns: `nil` for fewer samples than `TwoSampleTest.fewestSamples`, and for images of other
  ///   sizes or channels than the real ones. Of the larger set, the first samples are used.
  /// - Throws: `TorchError`, `RunError.interrupted`.
  func accuracy(real: ImageSet, generated: ImageSet) throws -> Estimate? {
    let count = min(real.count, generated.count)
    guard count >= TwoSampleTest.fewestSamples, real.channels == generated.channels,
      (real.width, real.height) == (generated.width, generated.height)
    else { return nil }
    let sets = try [real, generated].map { try Self.tensor($0.part(0..<count)) }
    var correct = 0
    for fold in 0..<Self.folds {
      let seed = UInt64(fold)
      let random = try RandomGenerator(seed: seed, .patchClassifier)
      let indices = Array(0..<count)
      let training = indices.filter { $0 % Self.folds != fold }
      let judge = try train(sets, training, CounterRandom(seed, .patchClassifierOrder), random)
      let test = indices.filter { $0 % Self.folds == fold }
      for (label, set) in sets.enumerated() {
        let logits = try withoutGradients { try judge.logits(rows(test, of: set)).floats() }
        correct += logits.count { ($0 >= 0) == (label == 1) }
      }
    }
    return TwoSampleTest.estimate(correct: correct, of: 2 * count)
  }

  private func train(
    _ sets: [Tensor], _ training: [Int], _ order: CounterRandom, _ random: RandomGenerator
  ) throws -> Judge {
    var order = order
    let judge = try Judge(channels: sets[0].shape[1], side: sets[0].shape[2], random)
    let adam = try Adam(judge, options: AdamOptions(learningRate: learningRate))
    let half = batch / 2
    for _ in 0..<epochs {
      let shuffled = sets.map { _ in training.shuffled(using: &order) }
      for start in stride(from: 0, to: training.count - half + 1, by: half) {
        try Interruption.check()
        let both = try zip(sets, shuffled).map { set, rows in
          try self.rows(Array(rows[start..<start + half]), of: set)
        }
        // Maps have no preferred side, so neither shall the network.
        let flips = [2, 3].filter { _ in order.uniform() < 0.5 }
        var images = try Tensor.concatenate(both, 0)
        if !flips.isEmpty { images = try images.flip(flips) }
        let targets = [Float](repeating: 0, count: half) + [Float](repeating: 1, count: half)
        let loss = try judge.trainingLogits(images, &order)
          .binaryCrossEntropyWithLogits(Tensor(targets, shape: [2 * half, 1]))
        try adam.clearGradients()
        try loss.backward()
        try adam.step()
      }
    }
    return judge
  }

  private func rows(_ indices: [Int], of set: Tensor) throws -> Tensor {
    try .stack(
      indices.map { try set.narrow(0, from: $0, length: 1).reshape(Array(set.shape[1...])) })
  }

  /// [N, C, H, W], from -1 to 1.
  private static func tensor(_ images: ImageSet) throws -> Tensor {
    let values = images.pixels.map { Float($0) / 127.5 - 1 }
    return try Tensor(
      values, shape: [images.count, images.height, images.width, images.channels.rawValue]
    ).permute([0, 3, 1, 2]).contiguous()
  }
}

/// The networks of one fold.
private final class Judge: Module {
  private let near: SmallNetwork
  /// For images that are larger than `PatchClassifier.side`.
  private let far: SmallNetwork?

  init(channels: Int, side: Int, _ random: RandomGenerator) throws {
    near = try SmallNetwork(channels: channels, random)
    far = side > PatchClassifier.side ? try SmallNetwork(channels: channels, random) : nil
  }

  /// [N, 1] of a random part of each batch.
  func trainingLogits(_ images: Tensor, _ random: inout CounterRandom) throws -> Tensor {
    guard let far else { return try near(images) }
    let side = PatchClassifier.side
    let row = random.integer(below: images.shape[2] - side + 1)
    let column = random.integer(below: images.shape[3] - side + 1)
    let part = try images.narrow(2, from: row, length: side).narrow(3, from: column, length: side)
    return try near(part) + far(shrunk(images))
  }

  /// [N, 1], of all parts.
  func logits(_ images: Tensor) throws -> Tensor {
    guard let far else { return try near(images) }
    // All its layers are convolutions up to the mean.
    return try near(images) + far(shrunk(images))
  }

  private func shrunk(_ images: Tensor) throws -> Tensor {
    let side = PatchClassifier.side
    return try images.resizeBilinear(height: side, width: side, antialias: true)
  }
}

/// Three convolutions that halve the resolution, the mean over all places, a linear layer.
private final class SmallNetwork: Layer {
  private let layers: [Conv2d]
  private let last: Linear

  init(channels: Int, _ random: RandomGenerator) throws {
    let widths = [channels, 16, 32, 64]
    layers = try zip(widths, widths.dropFirst()).map {
      try Conv2d(inputChannels: $0, outputChannels: $1, kernelSize: 3, random)
    }
    last = try Linear(inputFeatures: widths[3], outputFeatures: 1, random)
  }

  /// [N, C, H, W] -> [N, 1].
  func callAsFunction(_ input: Tensor) throws -> Tensor {
    var h = input
    for layer in layers { h = try layer.strided(h).relu() }
    return try last(h.mean([2, 3]))
  }
}
