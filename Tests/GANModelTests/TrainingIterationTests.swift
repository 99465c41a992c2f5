import GANModel
import Testing
import TorchCore
import TorchNN
import TorchTestSupport

/// Two whole training iterations, plain and CutMix, composed from the public pieces.
@Suite struct TrainingIterationTests {
  let discriminatorRate = 5e-4
  let generatorRate = 1e-4

  private func adam(_ module: any Module, _ rate: Double) throws -> Adam {
    try Adam(
      module, options: AdamOptions(learningRate: rate, beta1: 0, beta2: 0.999, epsilon: 1e-6))
  }

  @Test func parity() throws {
    let pair = try LossFixture()
    let fixture = try fixture("iterations64")
    let (g, d) = (pair.generator, pair.discriminator)
    let start = try [g.state(), d.state()].map { try $0.mapValues { try $0.detached().clone() } }
    let ema = try ExponentialMovingAverage(
      of: g, in: Generator(tiny(64), RandomGenerator(seed: 2, .testInput)))
    let (optimizerG, optimizerD) = (try adam(g, generatorRate), try adam(d, discriminatorRate))
    for k in 0..<2 {
      try d.setRequiresGradient(true)
      try optimizerD.clearGradients()
      let lossD = try pair.discriminatorLoss(
        .crossEntropy, real: fixture.tensor("\(k).real"),
        latents: fixture.tensor("\(k).discriminator_latents"),
        mask: k == 1 ? pair.inputs.tensor("mask") : nil)
      try lossD.backward()
      try optimizerD.step()

      try d.setRequiresGradient(false)
      try optimizerG.clearGradients()
      let lossG = try pair.generatorLoss(
        .crossEntropy, latents: fixture.tensor("\(k).generator_latents"))
      try lossG.backward()
      try optimizerG.step()
      try ema.update(decay: 0.9)

      try expectClose(lossD, fixture.tensor("\(k).loss_d"), rtol: 1e-5, atol: 1e-6, "loss_d")
      try expectClose(lossG, fixture.tensor("\(k).loss_g"), rtol: 1e-5, atol: 1e-6, "loss_g")
      if k == 0 {
        try expectChanges(of: g, since: start[0], fixture.group("0.norm.generator"), generatorRate)
        try expectChanges(
          of: d, since: start[1], fixture.group("0.norm.discriminator"), discriminatorRate)
      }
    }
    try expectState(of: g, fixture.group("1.generator"), generatorRate)
    try expectState(of: d, fixture.group("1.discriminator"), discriminatorRate)
    try expectChanges(of: ema.average, since: start[0], fixture.group("ema_norm"), generatorRate)
    try expectSecondMoments(optimizerG, fixture.group("exp_avg_sq_norm.generator"))
    try expectSecondMoments(optimizerD, fixture.group("exp_avg_sq_norm.discriminator"))
  }

  /// What a tensor may be off by, as a share of the learning rate, which is the largest change of an
  /// element in a step.
  ///
  /// A batch norm takes the biases before it out again: their gradient is rounding noise, which
  /// Adam magnifies to steps of up to the learning rate, and the running means follow.
  private func tolerance(_ name: String) -> Double {
    let isConvolution = name.contains("conv") || name.contains("shortcut")
    let isTakenOut = name.hasPrefix("blocks.") && isConvolution && name.hasSuffix(".bias")
    return isTakenOut || name.hasSuffix("running_mean") ? 1 : 0.05
  }

  private func expectState(
    of module: any Module, _ expected: [String: Tensor], _ rate: Double
  ) throws {
    let state = try module.state()
    #expect(Set(state.keys) == Set(expected.keys))
    for (name, tensor) in expected {
      try expectClose(
        #require(state[name]), tensor, rtol: modelRTol, atol: tolerance(name) * rate, name)
    }
  }

  /// The norm of each tensor's change.
  private func expectChanges(
    of module: any Module, since start: [String: Tensor], _ expected: [String: Tensor],
    _ rate: Double
  ) throws {
    let state = try module.state()
    #expect(Set(state.keys) == Set(expected.keys))
    for (name, norm) in expected {
      let change = try #require(state[name]) - #require(start[name])
      let atol = tolerance(name) * rate * Double(change.count).squareRoot()
      try expectClose(change.norm(), norm, rtol: 1e-3, atol: atol, "change of \(name)")
    }
  }

  private func expectSecondMoments(_ adam: Adam, _ expected: [String: Tensor]) throws {
    let state = adam.state()
    for (name, norm) in expected {
      try expectClose(
        #require(state["\(name).exp_avg_sq"]).norm(), norm, rtol: 2e-3, atol: 1e-12,
        "second moment of \(name)")
    }
  }
}
