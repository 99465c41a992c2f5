import Foundation
import GANModel
import Testing
import TorchCore
import TorchNN
import TorchTestSupport

@Suite struct AdversarialLossTests {
  /// Values and gradients of the whole step, networks included, against PyTorch.
  @Test(arguments: AdversarialLoss.allCases, ["plain", "cutmix", "generator"])
  func parity(kind: AdversarialLoss, step: String) throws {
    let pair = try LossFixture()
    let name = kind == .hinge ? "hinge_\(step)" : step
    let loss: Tensor
    let trained: any Module
    if step == "generator" {
      try pair.discriminator.setRequiresGradient(false)
      loss = try pair.generatorLoss(kind, latents: pair.inputs.tensor("generator_latents"))
      trained = pair.generator
    } else {
      loss = try pair.discriminatorLoss(
        kind, real: pair.inputs.tensor("real"),
        latents: pair.inputs.tensor("discriminator_latents"),
        mask: step == "cutmix" ? pair.inputs.tensor("mask") : nil)
      trained = pair.discriminator
    }
    try expectClose(loss, pair.inputs.tensor("\(name).value"), rtol: 1e-5, atol: 1e-6, name)
    try loss.backward()
    if kind == .crossEntropy {
      try expectGradients(of: trained, pair.inputs.group("\(name).grad"))
    } else {
      try expectGradientNorms(of: trained, pair.inputs.group("\(name).grad_norm"))
    }
  }

  private func logits(_ image: [Float], _ pixels: [Float]? = nil) throws -> Logits {
    Logits(
      image: try Tensor(image, shape: [image.count, 1]),
      pixels: try pixels.map { try Tensor($0, shape: [image.count, 1, 1, $0.count / image.count]) })
  }

  /// log 2 on logits of zero, for each of real and fake.
  @Test func crossEntropyByHand() throws {
    let zero = try logits([0, 0], [0, 0])
    let loss = AdversarialLoss.crossEntropy
    expectClose(
      [
        try loss.discriminator(real: zero, fake: zero).item(),
        try loss.generator(fake: zero).item(),
        try loss.discriminator(real: logits([2]), fake: logits([-1])).item(),
      ], [2 * log(2), log(2), log1p(exp(-2)) + log1p(exp(-1))], rtol: 1e-6, atol: 0)
  }

  @Test func hingeByHand() throws {
    let loss = AdversarialLoss.hinge
    let (real, fake) = (try logits([2, 0], [0.5, -1]), try logits([-3, 1], [0, 0]))
    // Image: (0 + 1) / 2 + (0 + 2) / 2 = 1.5; pixels: (0.5 + 2) / 2 + 1 = 2.25.
    #expect(try loss.discriminator(real: real, fake: fake).item() == (1.5 + 2.25) / 2)
    #expect(try loss.generator(fake: fake).item() == (1.0 + 0) / 2)
    // The image towards fake: (0 + 2) / 2; the real pixel max(0, 1 - 0), the fake one max(0, 1 + 0).
    let mask = try Tensor([1, 0] as [Float], shape: [2, 1, 1, 1])
    #expect(try loss.discriminator(mixed: fake, mask: mask).item() == 1 + 1)
  }

  /// The loss falls when the discriminator is more right, and stays finite at any logit.
  @Test(arguments: AdversarialLoss.allCases) func directions(loss: AdversarialLoss) throws {
    let (low, high) = (try logits([-0.5], [-0.5]), try logits([0.5], [0.5]))
    let right = try loss.discriminator(real: high, fake: low).item()
    let wrong = try loss.discriminator(real: low, fake: high).item()
    #expect(right < wrong)
    #expect(try loss.generator(fake: high).item() < loss.generator(fake: low).item())
    let far = try logits([1e4], [-1e4])
    #expect(try loss.discriminator(real: far, fake: far).item().isFinite)
    let mask = try Tensor.ones([1, 1, 1, 1])
    #expect(try loss.discriminator(mixed: far, mask: mask).item().isFinite)
  }

  /// Without a pixel map the image counts whole, not half.
  @Test(arguments: AdversarialLoss.allCases) func withoutAPixelMap(loss: AdversarialLoss) throws {
    let (image, same) = (try logits([0.3]), try logits([0.3], [0.3]))
    let whole = try loss.discriminator(real: image, fake: image).item()
    let halves = try loss.discriminator(real: same, fake: same).item()
    #expect(abs(whole - halves) < 1e-6)
    let mask = try Tensor.ones([1, 1, 1, 1])
    #expect(
      try loss.discriminator(mixed: image, mask: mask).item()
        < loss.discriminator(mixed: same, mask: mask).item())
  }
}
