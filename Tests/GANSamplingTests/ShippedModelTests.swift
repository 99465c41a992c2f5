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

  @Test func theVariableIsStronger() throws {
    #expect(try locate(["GANINSAR_MODEL": "mine"]) == "mine")
    #expect(throws: SamplingError.self) { try locate(["GANINSAR_MODEL": ""]) }
  }
}
