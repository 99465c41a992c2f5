// swift-tools-version: 6.1
import PackageDescription

// LibTorch is looked for in $LIBTORCH (a folder with include/ and lib/), else where
// scripts/setup.sh puts it.
let given = Context.environment["LIBTORCH"] ?? ""
let torch = given.isEmpty ? "\(Context.packageDirectory)/.deps/libtorch/torch" : given

let torchCxx: [CXXSetting] = [
  .unsafeFlags([
    "-isystem", "\(torch)/include", "-isystem", "\(torch)/include/torch/csrc/api/include",
  ]),
  .headerSearchPath("gloo-declarations"),
  .define("AT_PER_OPERATOR_HEADERS"),
  .define("NDEBUG"),  // LibTorch's debug-only asserts do not match its release libraries
]
let torchLink: [LinkerSetting] = [
  .unsafeFlags([
    "-L\(torch)/lib", "-Xlinker", "-rpath", "-Xlinker", "\(torch)/lib",
    // A bundled binary finds site-packages' layout beside itself.
    "-Xlinker", "-rpath", "-Xlinker", "$ORIGIN/torch/lib",
  ]),
  .linkedLibrary("torch_cpu"), .linkedLibrary("c10"), .linkedLibrary("m"),
]

// What `make` passes on for `--version`. Context.gitInformation would keep an old commit, since SwiftPM
// evaluates this file again only if it or the environment changed.
let commit = Context.environment["GANINSAR_COMMIT"] ?? ""

// Tests reach internal declarations in the same optimised build that the demo runs.
let swift: [SwiftSetting] = [
  .unsafeFlags(["-enable-testing"], .when(configuration: .release))
]
let gdal: TargetDependencyCondition? = .when(traits: ["GDAL"])

func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swift)
}
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["TestSupport"], exclude: fixtures(name),
    swiftSettings: swift)
}
/// Test targets that keep fixtures read by path.
func fixtures(_ name: String) -> [String] {
  let names = [
    "TorchNNTests", "GANModelTests", "GANEvaluationTests", "SimulatorsTests", "RateInversionTests",
    "NeighborEmbeddingTests", "DeformationStatisticsTests", "RasterIOTests",
  ]
  return names.contains(name) ? ["Fixtures"] : []
}

let package = Package(
  name: "ganinsar",
  products: [.executable(name: "ganinsar", targets: ["ganinsar", "CCommit"])],
  traits: [
    .trait(name: "GDAL", description: "Read and write geospatial rasters through GDAL and HDF5"),
    .default(enabledTraits: ["GDAL"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .executableTarget(
      name: "ganinsar",
      dependencies: [
        "GANTraining", "GANSampling", "GANModel", "Simulators", "StackIO", "RateInversion",
        "InSARPhase", "EvaluationPage", "GANEvaluation", "NeighborEmbedding", "HTMLReport",
        "PatchData", "TorchNN", "TorchCore", "RasterIO", "RunSupport", "CVersion",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: swift),
    .executableTarget(
      name: "ganinsar-fuzz",
      dependencies: [
        "GANTraining", "GANSampling", "GANModel", "StackIO", "GANEvaluation", "HTMLReport",
        "PatchData", "TorchCore", "RasterIO", "RunSupport",
        .target(name: "CGDAL", condition: gdal),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: swift),
    module("NeighborEmbedding", ["RunSupport"]),
    module("DeformationStatistics", ["PatchData", "RunSupport"]),
    .target(
      name: "HTMLReport", dependencies: ["RunSupport"],
      resources: [.embedInCode("Page")], swiftSettings: swift),
    module(
      "GANTraining", ["GANModel", "PatchData", "RunSupport", "TorchNN", "TorchCore", "RasterIO"]),
    module(
      "GANSampling", ["GANModel", "PatchData", "RasterIO", "RunSupport", "TorchNN", "TorchCore"]),
    module(
      "EvaluationPage",
      [
        "GANEvaluation", "HTMLReport", "DeformationStatistics", "NeighborEmbedding", "InSARPhase",
        "PatchData", "RasterIO", "RunSupport",
      ]),
    module(
      "GANEvaluation",
      [
        "DeformationStatistics", "NeighborEmbedding", "InSARPhase", "PatchData", "RasterIO",
        "RunSupport", "TorchCore",
      ]),
    module("GANModel", ["TorchNN", "TorchCore", "PatchData", "RunSupport"]),
    module("Simulators", ["InSARPhase", "TorchCore", "RasterIO", "RunSupport"]),
    module("StackIO", ["RateInversion", "InSARPhase", "RasterIO", "RunSupport"]),
    module("RateInversion", ["InSARPhase", "RunSupport"]),
    module("InSARPhase", ["CPhaseLoops", "TorchCore", "RunSupport"]),
    .target(name: "CPhaseLoops"),
    module("PatchData", ["RasterIO", "RunSupport"]),
    module("TorchNN", ["TorchCore"]),
    module("TorchCore", ["CTorch", "RunSupport"]),
    .target(name: "CTorch", cxxSettings: torchCxx, linkerSettings: torchLink),
    module(
      "RasterIO",
      [
        "RunSupport", "CZlib",
        .target(name: "CGDAL", condition: gdal), .target(name: "CHDF5", condition: gdal),
      ]),
    .systemLibrary(name: "CGDAL", pkgConfig: "gdal", providers: [.apt(["libgdal-dev"])]),
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
    .target(name: "CZlib", linkerSettings: [.unsafeFlags(["-l:libz.so.1"])]),
    module(
      "RunSupport",
      ["CContainment", "Yams", .product(name: "Logging", package: "swift-log")]),
    .target(name: "CContainment"),
    .target(name: "CVersion"),
    .target(
      name: "CCommit",
      cSettings: commit.isEmpty ? [] : [.define("GANINSAR_COMMIT", to: "\"\(commit)\"")]),

    .target(name: "TestSupport", path: "Tests/TestSupport"),
    .target(
      name: "TorchTestSupport", dependencies: ["TorchCore"], path: "Tests/TorchTestSupport"),
    tests("TorchCoreTests", ["TorchCore", "RunSupport", "TorchTestSupport"]),
    tests("TorchNNTests", ["TorchNN", "TorchCore", "TorchTestSupport"]),
    tests(
      "GANModelTests",
      ["GANModel", "TorchNN", "TorchCore", "PatchData", "RunSupport", "TorchTestSupport"]),
    tests("GANTrainingTests", ["GANTraining", "GANModel", "PatchData", "TorchCore", "RunSupport"]),
    tests("InSARPhaseTests", ["InSARPhase", "TorchCore", "RunSupport"]),
    tests("RateInversionTests", ["RateInversion", "InSARPhase", "RunSupport"]),
    tests(
      "GANEvaluationTests",
      ["GANEvaluation", "PatchData", "RasterIO", "RunSupport", "TorchCore", "TorchTestSupport"]),
    tests("SimulatorsTests", ["Simulators", "InSARPhase", "TorchCore", "RasterIO", "RunSupport"]),
    tests("PatchDataTests", ["PatchData", "RasterIO", "RunSupport"]),
    tests("RasterIOTests", ["RasterIO"]),
    tests("RunSupportTests", ["RunSupport"]),
    tests("StackIOTests", ["StackIO", "InSARPhase", "RasterIO", "RunSupport"]),
    tests("NeighborEmbeddingTests", ["NeighborEmbedding", "RunSupport"]),
    tests("DeformationStatisticsTests", ["DeformationStatistics", "PatchData", "RunSupport"]),
    tests("HTMLReportTests", ["HTMLReport", "RunSupport"]),
    tests(
      "EvaluationPageTests",
      ["EvaluationPage", "GANEvaluation", "HTMLReport", "PatchData", "RasterIO", "RunSupport"]),
    tests(
      "CommandTests",
      [
        "ganinsar", "ganinsar-fuzz", "GANSampling", "PatchData", "RasterIO", "RunSupport",
        "TorchCore", "TorchTestSupport",
      ]),
  ],
  cxxLanguageStandard: .cxx17
)
