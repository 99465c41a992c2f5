import Kernel
import TorchCore
import TorchNN

/// A network that filters wrapped phase and says where whole cycles are missing.
///
/// The input is [N, 5, H, W]: cosine and sine of the wrapped phase, the coherence, 1 where the
/// coherence is known, 1 where there are data; all are 0 where not. In two stages a second network gets
/// the filtered phase beside the input; it does not change the first by its gradients.
/// Source: the two stages are those of the joint network of reference 60 of the paper GANInSAR.
final class PhaseNetwork: Module {
  static let inputChannels = 5
  /// Filtered cosine and sine, logarithm of the concentration, and the five of the input.
  static let secondInputChannels = 8

  let first: PhaseUNet
  let second: PhaseUNet?
  let contents = ModuleContents()

  init(_ architecture: PhaseArchitecture, _ generator: RandomGenerator) throws {
    let isJoint = architecture.stages == .joint
    first = try PhaseUNet(
      architecture, inputChannels: Self.inputChannels, hasPhase: true, hasEdges: isJoint, generator)
    second =
      isJoint
      ? nil
      : try PhaseUNet(
        architecture, inputChannels: Self.secondInputChannels, hasPhase: false, hasEdges: true,
        generator)
  }

  struct Output {
    /// The direction of the clean phase, [N, 2, H, W]; of any length.
    var phasor: Tensor
    /// [N, 1, H, W]: the logarithm of the concentration of a von Mises distribution around it.
    var logConcentration: Tensor
    /// [N, 6, H, W]: logits of -1, 0 and 1 cycles missing in the wrapped difference to the right pixel,
    /// then to the one below.
    var edges: Tensor
  }

  func callAsFunction(_ input: Tensor) throws -> Output {
    let features = try first.features(input)
    let estimate = try phase(features, input)
    let edges: Tensor
    if let second, let head = second.edges {
      edges = try head(second.features(secondInput(estimate, input)))
    } else {
      edges = try first.edges!(features)
    }
    return Output(
      phasor: estimate.phasor, logConcentration: estimate.logConcentration, edges: edges)
  }

  /// The first head alone.
  func filtered(_ input: Tensor) throws -> (phasor: Tensor, logConcentration: Tensor) {
    try phase(first.features(input), input)
  }

  /// The edges of the second network, for a filtered phase.
  func secondEdges(_ input: Tensor) throws -> Tensor {
    try second!.edges!(second!.features(input))
  }

  private func phase(_ features: Tensor, _ input: Tensor) throws
    -> (phasor: Tensor, logConcentration: Tensor)
  {
    let raw = try first.phase!(features)
    return (
      // The input's phase is the first guess.
      try raw.narrow(1, from: 0, length: 2) + input.narrow(1, from: 0, length: 2),
      try raw.narrow(1, from: 2, length: 1).clamp(
        Self.logConcentrations.lowerBound, Self.logConcentrations.upperBound)
    )
  }

  static let logConcentrations = -6.0...7.0

  private func secondInput(_ estimate: (phasor: Tensor, logConcentration: Tensor), _ input: Tensor)
    throws -> Tensor
  {
    let phasor = try estimate.phasor.detached()
    let length = try PhaseLoss.length(of: phasor)
    let valid = try input.narrow(1, from: 4, length: 1)
    return try .concatenate(
      [phasor / length * valid, estimate.logConcentration.detached() * 0.2 * valid, input], 1)
  }
}
