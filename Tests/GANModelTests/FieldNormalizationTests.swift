import Testing
import TorchCore
import TorchTestSupport

@testable import GANModel

@Suite struct FieldNormalizationTests {
  private let training: TensorFixture

  init() throws { training = try fixture("field_training") }

  @Test func patchesAreSeenAsInPyTorch() throws {
    let (images, labels) = try FieldNormalization.seen(training.tensor("maps"))
    try expectClose(images, training.tensor("images"), rtol: 1e-3, atol: 1e-3)
    try expectClose(labels, training.tensor("raw"), rtol: 1e-4, atol: 1e-4)
  }

  @Test func whatAGeneratorDrawsIsSeenAsInPyTorch() throws {
    try expectClose(
      FieldNormalization.seen(generated: training.tensor("generated")),
      training.tensor("generated.seen"), rtol: 1e-5, atol: 1e-5)
  }

  /// The label and the image together are the map: what models do when they draw.
  @Test func theLabelsBringTheMapBack() throws {
    let maps = try training.tensor("maps")
    let (images, raw) = try FieldNormalization.seen(maps)
    for row in 0..<maps.shape[0] {
      let label = FieldLabel(try raw.narrow(0, from: row, length: 1).floats())
      let image = try images.narrow(0, from: row, length: 1) / FieldNormalization.inputSpread
      let back = try FieldModel.rates(image, label)
      try expectClose(back, maps.narrow(0, from: row, length: 1), rtol: 1e-3, atol: 2e-3)
    }
  }

  @Test func aConstantMapHasFiniteLabels() throws {
    let (images, labels) = try FieldNormalization.seen(.full([2, 1, 64, 64], 3))
    #expect(try labels.isAllFinite() && images.isAllFinite())
  }
}
