import TestSupport
import Testing
import TorchCore
import TorchNN
import TorchTestSupport

@testable import PhaseNetworks

/// Against PyTorch: scripts/fixtures/make_phase_networks.py.
@Suite struct PhaseNetworkTests {
  private let fixture: TensorFixture
  private let random: RandomGenerator

  init() throws {
    fixture = try TensorFixture(path: fixturePath("phase_networks.safetensors"))
    random = try RandomGenerator(seed: 0, .testInput)
  }

  private static func architecture(_ stages: PhaseArchitecture.Stages) -> PhaseArchitecture {
    var architecture = PhaseArchitecture()
    (architecture.channels, architecture.levels, architecture.stages) = (4, 3, stages)
    return architecture
  }

  @Test func theJointNetworkAgreesWithPyTorch() throws {
    let network = try PhaseNetwork(Self.architecture(.joint), random)
    let state = try fixture.group("joint.state")
    try network.load(Dictionary(uniqueKeysWithValues: state.map { ("first.\($0.key)", $0.value) }))
    let input = try fixture.tensor("input")
    let clean = try fixture.tensor("clean")
    let output = try network(input)
    try expectClose(output.phasor, fixture.tensor("joint.phasor"), rtol: 1e-4, atol: 1e-5, "phasor")
    try expectClose(
      output.logConcentration, fixture.tensor("joint.log_concentration"), rtol: 1e-4, atol: 1e-5,
      "concentration")
    try expectClose(output.edges, fixture.tensor("joint.edges"), rtol: 1e-4, atol: 1e-5, "edges")

    let valid = try input.narrow(1, from: 4, length: 1)
    let parts = try output.phasor.detached().split(1, parts: 2)
    let phase = try PhaseLoss.phase(output, clean: clean, valid: valid).value()
    let edges = try PhaseLoss.edges(
      output.edges, filtered: parts[1].atan2(parts[0]), clean: clean, valid: valid
    ).value()
    try expectClose(phase, fixture.tensor("joint.phase_loss"), rtol: 1e-4, atol: 1e-6, "phase loss")
    try expectClose(edges, fixture.tensor("joint.edge_loss"), rtol: 1e-4, atol: 1e-6, "edge loss")
    try (phase + edges * 3).backward()
    let gradients = try fixture.group("joint.grad")
    for tensor in try network.namedTensors() {
      let name = String(tensor.name.dropFirst("first.".count))
      try expectClose(
        tensor.tensor.gradient!, gradients[name]!, rtol: 1e-3, atol: 1e-5, tensor.name)
    }
  }

  @Test func theSecondNetworkAgreesWithPyTorch() throws {
    let network = try PhaseNetwork(Self.architecture(.twoStage), random)
    try network.second!.load(fixture.group("second.state"))
    try expectClose(
      network.secondEdges(fixture.tensor("second.input")), fixture.tensor("second.edges"),
      rtol: 1e-4, atol: 1e-5)
  }

  @Test func theSecondNetworkDoesNotChangeTheFirst() throws {
    let network = try PhaseNetwork(Self.architecture(.twoStage), random)
    try network(fixture.tensor("input")).edges.square().sum().backward()
    for parameter in try network.first.parameters() { #expect(try parameter.gradient == nil) }
    #expect(try network.second!.parameters().contains { try $0.gradient != nil })
  }

  @Test func theLogarithmOfBesselsFunctionAgreesWithSciPy() throws {
    try expectClose(
      PhaseLoss.logBessel(fixture.tensor("bessel.x")), fixture.tensor("bessel.log"), rtol: 1e-5,
      atol: 1e-6)
  }

  @Test func missingCyclesAgreeWithPyTorch() throws {
    let (filtered, clean) = (
      try fixture.tensor("cycles.filtered"), try fixture.tensor("cycles.clean")
    )
    let whole = try clean - PhaseLoss.wrap(clean - filtered)
    for (axis, name) in [(3, "right"), (2, "down")] {
      try expectClose(
        PhaseLoss.cycles(whole, filtered, axis), fixture.tensor("cycles.\(name)"), rtol: 0, atol: 0)
    }
  }

  /// What is stated must be what is found: for draws from a von Mises distribution by rejection.
  @Test func theCircularDeviationIsThatOfAVonMisesDistribution() {
    // Mean cosine I1/I0 of k = 2 is 0.69777 (Mardia and Jupp, table 2.1 gives its inverse).
    let deviation = CircularDeviation.of(logConcentration: Float(0.6931472))
    #expect(abs(deviation - 0.8484) < 1e-3)
    // For large concentrations it is the normal one.
    #expect(abs(CircularDeviation.of(logConcentration: 6) - 0.0498) < 1e-3)
    #expect(CircularDeviation.of(logConcentration: 7).isFinite)
  }
}
