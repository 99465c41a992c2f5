import Foundation
import GANModel
import Testing

@Suite struct ArchitectureTests {
  @Test func theDefaultsAreThePapers() {
    let architecture = Architecture()
    #expect(architecture.sizePixels == 256 && architecture.channels == 64)
    #expect(architecture.latentSize == 128 && architecture.discriminator == .uNet)
    #expect(architecture.outputGain == 1 && architecture.attention == .none)
    #expect(architecture.faults() == [])
  }

  @Test(arguments: Architecture.sizes) func knownSizes(size: Int) throws {
    try Architecture(sizePixels: size, channels: 1, latentSize: 1).validate()
    try Architecture(sizePixels: size, channels: 1024, latentSize: 4096).validate()
  }

  @Test(arguments: [0, -64, 63, 65, 96, 1024]) func unknownSizes(size: Int) {
    let faults = Architecture(sizePixels: size).faults()
    #expect(faults == ["sizePixels is \(size): use one of [64, 128, 256, 512]"])
  }

  @Test func allFaultsAtOnce() {
    let architecture = Architecture(sizePixels: 100, channels: 0, latentSize: -3)
    #expect(architecture.faults().count == 3)
    let error = #expect(throws: ModelError.self) { try architecture.validate() }
    let text = error?.description ?? ""
    for key in ["sizePixels is 100", "channels is 0", "latentSize is -3"] {
      #expect(text.contains(key))
    }
    #expect(Architecture(channels: 1025, latentSize: 4097).faults().count == 2)
  }

  @Test(arguments: [0, -1, 1001, .nan]) func gainsOutOfRange(gain: Double) {
    let faults = Architecture(outputGain: gain).faults()
    #expect(faults == ["outputGain is \(gain): use a number above 0, up to 1000"])
  }

  @Test(arguments: [
    (64, [8, 16, 32]), (128, [64, 8]), (256, [16, 32]), (512, [64]),
  ])
  func attentionWhereItCanBe(size: Int, sizes: [Int]) throws {
    for kind in AttentionKind.allCases {
      try Architecture(sizePixels: size, attention: kind, attentionSizesPixels: sizes).validate()
    }
  }

  @Test(arguments: [
    (64, [64], "contains 64, but networks of 64 px"), (64, [16, 24], "contains 24"),
    (64, [4], "contains 4"), (256, [128], "contains 128"), (256, [-16], "contains -16"),
    (64, [], "is empty"), (64, [16, 16], "is [16, 16], with a size twice"),
  ])
  func attentionWhereItCannotBe(size: Int, sizes: [Int], fault: String) {
    for kind in [AttentionKind.selfAttention, .transformer] {
      let faults = Architecture(
        sizePixels: size, attention: kind, attentionSizesPixels: sizes
      ).faults()
      #expect(faults.count == 1 && faults[0].hasPrefix("attentionSizesPixels \(fault)"))
      #expect(faults[0].contains("use one or more of [8, 16, 32"))
    }
    // Without attention the sizes mean nothing.
    #expect(Architecture(sizePixels: size, attentionSizesPixels: sizes).faults().isEmpty)
  }

  @Test func aModelOfAnEarlierVersionIsRead() throws {
    let json = """
      {"sizePixels": 64, "channels": 2, "latentSize": 8, "discriminator": "uNet"}
      """
    let read = try JSONDecoder().decode(Architecture.self, from: Data(json.utf8))
    #expect(read == Architecture(sizePixels: 64, channels: 2, latentSize: 8))
  }
}
