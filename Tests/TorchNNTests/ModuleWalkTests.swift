import Testing
import TorchCore

@testable import TorchNN

@Suite struct ModuleWalkTests {
  @Test func namesInDeclarationOrder() throws {
    let found = try Nested().namedTensors()
    #expect(
      found.map(\.name) == [
        "first_weight", "running_mean", "layers.0.w", "layers.1.w", "present.w", "tail.1.w",
      ])
    #expect(found.map(\.isParameter) == [true, false, true, true, true, true])
    #expect(try found.map { try $0.tensor.floats()[0] } == [1, 2, 3, 4, 5, 6])
  }

  @Test func parametersAndTheirCount() throws {
    let module = try Nested()
    #expect(try module.parameters().count == 5)
    #expect(try module.parameterCount() == 6)
  }

  @Test(arguments: [
    ("weight", "weight"), ("weightU", "weight_u"), ("runningMean", "running_mean"),
    ("conv1", "conv1"), ("outputNorm", "output_norm"),
  ])
  func snakeCaseOfLabels(label: String, expected: String) {
    #expect(snakeCase(label) == expected)
  }

  @Test func inheritedPropertiesAreFound() throws {
    class Base: Module {
      let w: Parameter
      init() throws { w = try Parameter(.ones([1])) }
    }
    final class Derived: Base {
      let v: Buffer
      override init() throws {
        v = Buffer(try .ones([2]))
        try super.init()
      }
    }
    #expect(Set(try Derived().namedTensors().map(\.name)) == ["w", "v"])
  }

  /// A tensor kept in a type that the walk does not know would be lost from every checkpoint.
  @Test func unknownStoredTypesThrowWithTheirPath() throws {
    final class Inner: Module {
      let stray: Tensor
      init() throws { stray = try .ones([1]) }
    }
    final class Outer: Module {
      let blocks: [Inner]
      init() throws { blocks = [try Inner(), try Inner()] }
    }
    let outer = try Outer()
    let expected = ModuleError.unknownStoredType(path: "blocks.0.stray", type: "Tensor")
    #expect(throws: expected) { try outer.namedTensors() }
    #expect(throws: expected) { try outer.state() }
    #expect(throws: expected) { try outer.setTraining(false) }
    final class WithTable: Module { let table: [String: Int] = [:] }
    let error = #expect(throws: ModuleError.self) { try WithTable().namedTensors() }
    #expect(error?.description.hasPrefix("table is a Dictionary") == true)
  }

  @Test func setTrainingReachesAll() throws {
    let module = try Nested()
    func modes() throws -> [Bool] {
      let tail = try #require(module.tail.layers[1] as? Leaf)
      return [
        module.isTraining, module.layers[0].isTraining, module.layers[1].isTraining,
        try #require(module.present).isTraining, tail.isTraining,
      ]
    }
    try module.setTraining(false)
    #expect(try modes() == [false, false, false, false, false])
    try module.setTraining(true)
    #expect(try modes() == [true, true, true, true, true])
  }

  @Test func setRequiresGradientLeavesBuffers() throws {
    let module = try Nested()
    try module.setRequiresGradient(false)
    #expect(try module.namedTensors().allSatisfy { !$0.tensor.requiresGradient })
    try module.setRequiresGradient(true)
    #expect(try module.namedTensors().allSatisfy { $0.tensor.requiresGradient == $0.isParameter })
  }

  @Test func clearGradientsClearsAll() throws {
    let module = try Nested()
    for parameter in try module.parameters() { try parameter.sum().backward() }
    try module.clearGradients()
    #expect(try module.parameters().allSatisfy { try $0.gradient == nil })
  }

  @Test func movingToTheSameDeviceKeepsTheTensors() throws {
    let module = try Nested()
    try module.move(to: .cpu)
    #expect(try module.firstWeight.tensor.floats() == [1, 1])
    #expect(module.firstWeight.tensor.requiresGradient)
  }
}

@Suite struct ModuleContentsTests {
  /// Counts how often reflection looks at it.
  private final class Watched: Module, CustomReflectable {
    let w: Parameter
    let contents = ModuleContents()
    var walks = 0
    init() throws {
      w = try Parameter(.ones([1]))
    }
    var customMirror: Mirror {
      walks += 1
      return Mirror(self, children: ["w": w])
    }
  }

  @Test func reflectionHappensOnce() throws {
    let module = try Watched()
    for _ in 0..<3 {
      try module.setRequiresGradient(false)
      try module.setTraining(true)
      #expect(try module.namedTensors().map(\.name) == ["w"])
    }
    #expect(module.walks == 1)
  }

  /// A module that the list of modules held on to would never be freed.
  @Test func contentsDoNotKeepAModuleAlive() throws {
    weak var weak: Watched?
    do {
      let module = try Watched()
      try module.setTraining(false)
      weak = module
    }
    #expect(weak == nil)
  }

  @Test func gradientsAreOffOnlyInside() throws {
    let module = try Nested()
    struct Fault: Error {}
    let inside = try module.withoutParameterGradients {
      try module.parameters().map(\.requiresGradient)
    }
    #expect(inside.allSatisfy { !$0 })
    #expect(try module.parameters().allSatisfy(\.requiresGradient))
    #expect(throws: Fault.self) { try module.withoutParameterGradients { throw Fault() } }
    #expect(try module.parameters().allSatisfy(\.requiresGradient))
  }
}
