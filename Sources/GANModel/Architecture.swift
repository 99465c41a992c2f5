/// Sizes of a generator and its discriminator; written into every checkpoint.
public struct Architecture: Sendable, Equatable, Codable {
  /// Side of the square rate map in pixels: 64, 128, 256 or 512.
  public var sizePixels: Int
  /// Channels are multiples of this width.
  public var channels: Int
  public var latentSize: Int
  public var discriminator: DiscriminatorKind
  /// Factor of the generator's output. The last convolution is spectrally normalized, so that
  /// without a gain a wide spread of values needs correlated features.
  public var outputGain: Double
  /// Layers in which every pixel of a feature map sees all others, in both networks.
  public var attention: AttentionKind
  /// Sides of the feature maps that have attention, in pixels; ignored without attention.
  public var attentionSizesPixels: [Int]

  public init(
    sizePixels: Int = 256, channels: Int = 64, latentSize: Int = 128,
    discriminator: DiscriminatorKind = .uNet, outputGain: Double = 1,
    attention: AttentionKind = .none, attentionSizesPixels: [Int] = [16]
  ) {
    self.sizePixels = sizePixels
    self.channels = channels
    self.latentSize = latentSize
    self.discriminator = discriminator
    self.outputGain = outputGain
    self.attention = attention
    self.attentionSizesPixels = attentionSizesPixels
  }

  /// Models of earlier versions have a gain of 1 and no attention.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    sizePixels = try values.decode(Int.self, forKey: .sizePixels)
    channels = try values.decode(Int.self, forKey: .channels)
    latentSize = try values.decode(Int.self, forKey: .latentSize)
    discriminator = try values.decode(DiscriminatorKind.self, forKey: .discriminator)
    let defaults = Architecture()
    outputGain =
      try values.decodeIfPresent(Double.self, forKey: .outputGain) ?? defaults.outputGain
    attention =
      try values.decodeIfPresent(AttentionKind.self, forKey: .attention) ?? defaults.attention
    attentionSizesPixels =
      try values.decodeIfPresent([Int].self, forKey: .attentionSizesPixels)
      ?? defaults.attentionSizesPixels
  }

  public static let sizes = [64, 128, 256, 512]

  /// All faults; empty if the networks can be built.
  public func faults() -> [String] {
    var faults: [String] = []
    if !Self.sizes.contains(sizePixels) {
      faults.append("sizePixels is \(sizePixels): use one of \(Self.sizes)")
    }
    if !(1...1024).contains(channels) {
      faults.append("channels is \(channels): use 1 to 1024")
    }
    if !(1...4096).contains(latentSize) {
      faults.append("latentSize is \(latentSize): use 1 to 4096")
    }
    if !(outputGain > 0 && outputGain <= 1000) {
      faults.append("outputGain is \(outputGain): use a number above 0, up to 1000")
    }
    return faults + attentionFaults()
  }

  /// Sides of the feature maps that can have attention. Beyond 64 px the weights of all pixel pairs
  /// would fill the memory.
  var possibleAttentionSizes: [Int] { [8, 16, 32, 64].filter { $0 < sizePixels } }

  private func attentionFaults() -> [String] {
    guard attention != .none, Self.sizes.contains(sizePixels) else { return [] }
    let sizes = attentionSizesPixels
    let possible = "use one or more of \(possibleAttentionSizes), each once"
    if sizes.isEmpty { return ["attentionSizesPixels is empty: \(possible)"] }
    if let unknown = sizes.first(where: { !possibleAttentionSizes.contains($0) }) {
      return [
        "attentionSizesPixels contains \(unknown), but networks of \(sizePixels) px can have "
          + "attention at other sizes: \(possible)"
      ]
    }
    return Set(sizes).count < sizes.count
      ? ["attentionSizesPixels is \(sizes), with a size twice: \(possible)"] : []
  }

  /// A lower bound of the number of values in the generator: those of the first 3 x 3 convolutions,
  /// which are most of it.
  func fewestGeneratorValues() throws -> Int {
    try BlockLayout(sizePixels: sizePixels).generator.reduce(0) {
      $0 + 9 * $1.input * $1.output * channels * channels
    }
  }

  /// - Throws: `ModelError.architecture` with all faults.
  public func validate() throws {
    let found = faults()
    if !found.isEmpty { throw ModelError.architecture(found) }
  }
}

public enum DiscriminatorKind: String, Sendable, Codable, CaseIterable {
  /// Encoder and decoder: one logit per image and one per pixel (as in the paper).
  case uNet
  /// Only the encoder: one logit per image, as in BigGAN.
  case encoder
}

public enum AttentionKind: String, Sendable, Codable, CaseIterable {
  case none
  /// Self-attention as in SAGAN and BigGAN.
  case selfAttention
  /// A transformer block: multi-head attention and an MLP.
  case transformer
}

/// Channel counts of the blocks, in multiples of `channels`; outer stages are those near the image.
/// At 64 px the networks are those of 128 px without their outer stage.
///
/// Source: the layouts of BigGAN (Brock et al., ICLR 2019) and of Schonfeld et al., CVPR 2020.
struct BlockLayout {
  /// From the 4 x 4 seed outward.
  let generator: [(input: Int, output: Int)]
  /// From the image inward.
  let encoder: [Int]
  /// From the 4 x 4 bottleneck outward.
  let decoder: [Int]

  /// - Throws: `ModelError.architecture` for a size without a layout.
  init(sizePixels: Int) throws {
    let outputs: [Int]
    switch sizePixels {
    case 64:
      (outputs, encoder, decoder) = ([16, 8, 4, 2], [2, 4, 8, 16], [8, 4, 2, 1])
    case 128:
      (outputs, encoder, decoder) = ([16, 8, 4, 2, 1], [1, 2, 4, 8, 16], [8, 4, 2, 1, 1])
    case 256:
      (outputs, encoder, decoder) = (
        [16, 8, 8, 4, 2, 1], [1, 2, 4, 8, 8, 16], [8, 8, 4, 2, 1, 1]
      )
    case 512:
      (outputs, encoder, decoder) = (
        [16, 8, 8, 4, 2, 1, 1], [1, 1, 2, 4, 8, 8, 16], [8, 8, 4, 2, 1, 1, 1]
      )
    default:
      throw ModelError.architecture([
        "sizePixels is \(sizePixels): use one of \(Architecture.sizes)"
      ])
    }
    generator = Array(zip([16] + outputs.dropLast(), outputs))
  }
}

/// Errors thrown by models.
public enum ModelError: Error, CustomStringConvertible, Equatable {
  case architecture([String])

  public var description: String {
    switch self {
    case .architecture(let faults):
      "the architecture cannot be built: " + faults.joined(separator: "; ")
    }
  }
}
