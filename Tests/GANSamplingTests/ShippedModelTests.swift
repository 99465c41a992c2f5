import Foundation
import TestSupport
import Testing

@testable import GANSampling

@Suite struct ShippedModelTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func locate(_ environment: [String: String] = [:]) throws -> String {
    try ShippedModel.locate(
      environment: environment, executable: folder.file("checkout/.build/x86/release/program"))
  }

  @Test func theCheckoutAboveTheExecutableIsSearched() throws {
    let text = message { _ = try locate() }
    #expect(text.contains("checkout/models/ganinsar.safetensors"))
    #expect(text.contains("checkout/.build/x86/release/models/ganinsar.safetensors"))
    #expect(text.contains("GANINSAR_MODEL"))
    let models = folder.file("checkout/models")
    try FileManager.default.createDirectory(atPath: models, withIntermediateDirectories: true)
    try Data().write(to: URL(fileURLWithPath: "\(models)/ganinsar.safetensors"))
    #expect(try locate().hasSuffix("checkout/models/ganinsar.safetensors"))
  }

  @Test func largeMapsHaveAModelOfTheirOwn() throws {
    let models = folder.file("checkout/models")
    try FileManager.default.createDirectory(atPath: models, withIntermediateDirectories: true)
    func name(_ side: Int?, isWindow: Bool = false, _ environment: [String: String] = [:]) throws
      -> String
    {
      let path = try ShippedModel.locate(
        for: side.map { MapSize(width: 10, height: $0) }, isWindow: isWindow,
        environment: environment,
        executable: folder.file("checkout/.build/x86/release/program"))
      return path.split(separator: "/").last.map(String.init) ?? ""
    }
    for file in ["ganinsar", "large"] {
      // Without it, the other one draws large maps, too.
      if file == "large" { #expect(try name(256) == "ganinsar.safetensors") }
      try Data().write(to: URL(fileURLWithPath: "\(models)/\(file).safetensors"))
    }
    #expect(try name(nil) == "ganinsar.safetensors")
    #expect(try name(64) == "ganinsar.safetensors")
    #expect(try name(65) == "large.safetensors")
    #expect(try name(nil, isWindow: true) == "large.safetensors")
    #expect(try name(256, ["GANINSAR_MODEL": "mine"]) == "mine")
  }

  @Test func withoutTheNetworkForFeaturesTheRemedyIsTold() throws {
    func locate() throws -> String {
      try ShippedModel.locateFeatures(
        executable: folder.file("checkout/.build/x86/release/program"))
    }
    let text = message { _ = try locate() }
    #expect(text.contains("checkout/models/features.safetensors"))
    #expect(text.contains("features.weight=0"))
    let models = folder.file("checkout/models")
    try FileManager.default.createDirectory(atPath: models, withIntermediateDirectories: true)
    try Data().write(to: URL(fileURLWithPath: "\(models)/features.safetensors"))
    #expect(try locate().hasSuffix("checkout/models/features.safetensors"))
  }

  @Test func theVariableIsStronger() throws {
    #expect(try locate(["GANINSAR_MODEL": "mine"]) == "mine")
    #expect(throws: SamplingError.self) { try locate(["GANINSAR_MODEL": ""]) }
  }
}
