import Testing
import TorchCore

@testable import TorchNN

@Suite struct ModuleStateTests {
  private func values(_ module: any Module) throws -> [[Float]] {
    try module.namedTensors().map { try $0.tensor.floats() }
  }
  private func other() throws -> [String: Tensor] {
    try Nested().state().mapValues { try $0.detached() * 10 }
  }

  @Test func loadCopiesValues() throws {
    let module = try Nested()
    let state = try other()
    try module.load(state)
    #expect(try values(module) == [[10, 10], [20], [30], [40], [50], [60]])
    try state["first_weight"]!.fill_(-1)
    #expect(try module.firstWeight.tensor.floats() == [10, 10])
    #expect(module.firstWeight.tensor.requiresGradient)
  }

  @Test func stateIsTheModulesOwn() throws {
    let module = try Nested()
    try module.state()["present.w"]!.fill_(7)
    #expect(try module.present?.w.tensor.floats() == [7])
  }

  @Test func loadConvertsTypes() throws {
    let module = try Nested()
    try module.load(other().mapValues { try $0.to(dtype: .float16) })
    #expect(try values(module)[0] == [10, 10])
    #expect(module.firstWeight.tensor.dtype == .float32)
  }

  @Test func misfitsChangeNothing() throws {
    let module = try Nested()
    let before = try values(module)

    var lacking = try other()
    lacking["present.w"] = nil
    lacking["tail.1.w"] = nil
    #expect(throws: ModuleError.missingTensors(["present.w", "tail.1.w"])) {
      try module.load(lacking)
    }

    var more = try other()
    more["absent.w"] = try Tensor.ones([1])
    more["a"] = try Tensor.ones([1])
    #expect(throws: ModuleError.unexpectedTensors(["a", "absent.w"])) { try module.load(more) }

    var misshapen = try other()
    misshapen["tail.1.w"] = try Tensor.ones([2])
    #expect(throws: ModuleError.shape(name: "tail.1.w", expected: [1], got: [2])) {
      try module.load(misshapen)
    }
    #expect(try values(module) == before)
  }

  @Test func messagesNameTheTensors() {
    let missing = ModuleError.missingTensors(["a", "b", "c", "d"]).description
    #expect(missing.contains("4 tensors") && missing.contains("a, b, c"))
    let shape = ModuleError.shape(name: "w", expected: [1], got: [2]).description
    #expect(shape.contains("w has shape [2]") && shape.contains("[1]"))
  }
}
