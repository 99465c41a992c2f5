import Kernel

extension Architecture: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "sizePixels": "Width and height of a map in pixels: 64, 128, 256 or 512.",
    "channels": "Block widths are multiples of this, 1 to 1024.",
    "latentSize": "Random numbers that a map is made from, 1 to 4096.",
    "discriminator":
      "uNet also gives one logit per pixel; encoder only one per image, as in BigGAN.",
    "outputGain":
      "Factor on the generator's output, above 0, up to 1000; near rates.standardDeviation if wide.",
    "attention":
      "Layers in which all pixels see each other: selfAttention, as in BigGAN, or transformer blocks.",
    "attentionSizesPixels":
      "Sides of the feature maps with attention: 8, 16, 32 or 64, less than sizePixels.",
  ]
}

extension DiffAugment: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "translationShare": "Largest shift as a fraction of the side, 0 to 0.5; 0: off.",
    "cutoutShare": "Side of a zeroed square as a fraction of the patch's side, 0 to 1; 0: off.",
  ]
}
