import DurableFiles
import TestSupport
import Testing

@testable import FeatureMetrics

@Suite struct TwoSampleTestTests {
  @Test(arguments: ["near", "far"]) func asInScikitLearn(name: String) throws {
    let file = try SafetensorsFile(path: fixturePath("two-sample.safetensors"))
    func features(_ key: String) throws -> FeatureSet {
      let shape = file.entry("\(name).\(key)")?.shape ?? []
      return FeatureSet(
        count: shape[0], dimension: shape[1], values: try file.floats("\(name).\(key)"))
    }
    let (a, b) = (try features("a"), try features("b"))
    let fit = LogisticRegression(zeros: a, ones: b, ridge: TwoSampleTest.ridge)
    for (weight, expected) in zip(fit.weights, try file.floats("\(name).weights")) {
      #expect(abs(weight - Double(expected)) < 1e-4)
    }
    #expect(abs(fit.bias - Double(try file.floats("\(name).bias")[0])) < 1e-4)
    let accuracy = try #require(try TwoSampleTest.accuracy(real: a, generated: b))
    #expect(abs(accuracy.value - Double(try file.floats("\(name).accuracy")[0])) < 1e-6)
    #expect(accuracy.low! < accuracy.value && accuracy.value < accuracy.high!)
  }

  @Test func setsOfOneKindCannotBeToldApart() throws {
    let a = normalFeatures(300, dimension: 5, seed: 1)
    let b = normalFeatures(310, dimension: 5, seed: 2)
    let accuracy = try #require(try TwoSampleTest.accuracy(real: a, generated: b))
    #expect(abs(accuracy.value - 0.5) < 0.07)
    let far = normalFeatures(300, dimension: 5, mean: 3, seed: 3)
    #expect(try #require(try TwoSampleTest.accuracy(real: a, generated: far)).value > 0.99)
  }

  @Test func constantFeaturesDoNotCount() throws {
    func set(_ seed: UInt64) -> FeatureSet {
      let noise = normalFeatures(40, dimension: 1, mean: Double(seed), seed: seed)
      return FeatureSet(count: 40, dimension: 2, values: noise.values.flatMap { [$0, 7] })
    }
    #expect(try #require(try TwoSampleTest.accuracy(real: set(1), generated: set(9))).value > 0.99)
  }

  @Test func fewSamplesGiveNoAccuracy() throws {
    let few = normalFeatures(TwoSampleTest.fewestSamples - 1, dimension: 2, seed: 1)
    #expect(try TwoSampleTest.accuracy(real: few, generated: few) == nil)
    #expect(throws: FeatureMetricsError.self) {
      try TwoSampleTest.accuracy(real: few, generated: normalFeatures(30, dimension: 3, seed: 1))
    }
  }
}
