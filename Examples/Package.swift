// swift-tools-version: 6.1
import PackageDescription

// A package that uses ganinsar's libraries as yours would: by version, without LibTorch.
// scripts/examples.sh builds and runs it against this checkout, in CI.
let repository =
  Context.environment["GANINSAR_REPOSITORY"] ?? "file://\(Context.packageDirectory)/.."

func example(_ name: String, _ product: String) -> Target {
  .executableTarget(name: name, dependencies: [.product(name: product, package: "ganinsar")])
}

let package = Package(
  name: "examples",
  dependencies: [.package(url: repository, from: "0.1.0")],
  targets: [
    example("SimulateMaps", "InSARSimulation"),
    example("ComposeAndInvert", "InSARSimulation"),
    example("ReadRates", "RateMapIO"),
  ]
)
