import TorchCore
import TorchNN

extension Architecture {
  /// The attention after a block whose output is [N, channels, sizePixels, sizePixels]; `nil` if
  /// the architecture has none there.
  func makeAttention(channels: Int, sizePixels: Int, _ generator: RandomGenerator) throws
    -> (any Layer)?
  {
    guard attentionSizesPixels.contains(sizePixels) else { return nil }
    return switch attention {
    case .none: nil
    case .selfAttention: try SelfAttention(channels: channels, generator)
    case .transformer:
      try TransformerBlock(channels: channels, sizePixels: sizePixels, generator)
    }
  }
}
