// How long a camera's frame takes: 1280 × 720 pixels, with a ticket, without one, and harder ones.
//
//   build/bench/bin/bench_readers                    all
//   build/bench/bin/bench_readers --benchmark_filter=none
//
// `decode/…` is grey pixels → texts, `image/…` a file → grey pixels, `frame/…` both, as the pool
// does it. Every decode is checked: a frame that is not read as it should be is an error.
#include "devices/readers/frame_pool.hpp"
#include "devices/readers/image.hpp"
#include "devices/readers/qr_reader.hpp"
#include "tests/support/frames.hpp"
#include "tests/support/image_files.hpp"

#include <chrono>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

namespace {

using namespace gatehouse;
using namespace gatehouse::devices;
using namespace gatehouse::tests;

const std::string ticket = "PARK-01ARZ3NDEKTSV4RRFFQ69G5FAV-7K3M9QXZ";
const std::chrono::microseconds budget = FramePool::Settings{}.budget;

class SteadyClock final : public engine::Clock {
 public:
  [[nodiscard]] Moment now() const override {
    using namespace std::chrono;
    const auto since = steady_clock::now().time_since_epoch();
    return {floor<milliseconds>(system_clock::now()), Steady(duration_cast<microseconds>(since))};
  }
};

/// The same scene twelve times: other background, place, size and angle.
std::vector<GreyImage> twelve(Scene scene, Card card, bool with_card = true) {
  std::vector<GreyImage> frames;
  for (int i = 0; i < 12; ++i) {
    scene.seed = static_cast<std::uint64_t>(i) + 1;
    Card one = card;
    one.text = ticket;
    one.x = 420 + 40.0 * i;
    one.y = 440 - 15.0 * i;
    one.module_pixels *= 1 + 0.04 * i;
    scene.cards.clear();
    if (with_card) scene.cards.push_back(one);
    frames.push_back(draw_frame(scene));
    card.angle += card.angle == 0 ? 0 : 30;
  }
  return frames;
}

bool is_right(const std::vector<std::string>& texts, bool with_card) {
  return with_card ? texts == std::vector{ticket} : texts.empty();
}

void decode(benchmark::State& state, const std::vector<GreyImage>& frames, bool with_card) {
  const SteadyClock clock;
  const QrReader reader(clock);
  std::size_t next = 0;
  for (auto _ : state) {
    if (!is_right(reader.read(frames[next++ % frames.size()], budget, looks_like_ticket),
                  with_card)) {
      state.SkipWithError("a frame was not read as it should be");
      break;
    }
  }
}

void open_image(benchmark::State& state, const std::string& file) {
  for (auto _ : state) benchmark::DoNotOptimize(read_image(file));
}

void whole_frame(benchmark::State& state, const std::string& file, bool with_card) {
  const SteadyClock clock;
  const QrReader reader(clock);
  for (auto _ : state) {
    const auto image = read_image(file);
    if (!image || !is_right(reader.read(*image, budget, looks_like_ticket), with_card)) {
      state.SkipWithError("a frame was not read as it should be");
      break;
    }
  }
}

void add(const std::string& name, std::vector<GreyImage> frames, bool with_card = true) {
  benchmark::RegisterBenchmark(
      ("decode/" + name).c_str(),
      [frames = std::move(frames), with_card](auto& state) { decode(state, frames, with_card); });
}

void add_file(const std::string& name, const std::string& file, bool with_card) {
  benchmark::RegisterBenchmark(("image/" + name).c_str(),
                               [file](auto& state) { open_image(state, file); });
  benchmark::RegisterBenchmark(("frame/" + name).c_str(), [file, with_card](auto& state) {
    whole_frame(state, file, with_card);
  });
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  add("with_code", twelve({}, {}));
  add("rotated", twelve({}, {.angle = 17}));
  add("tilted_low_contrast", twelve({.black = 80, .white = 140}, {.angle = 17, .tilt = 35}));
  add("night", twelve({.black = 12, .white = 50, .noise = 4}, {.angle = 17}));
  add("noisy", twelve({.noise = 15}, {.angle = 17}));
  add("blurred", twelve({.blur = 2}, {.angle = 17}));
  add("far_away", twelve({}, {.module_pixels = 3, .angle = 17}));
  add("none", twelve({}, {}, false), false);
  add("none_wall", twelve({.busy = false}, {}, false), false);
  add("none_noisy", twelve({.noise = 15}, {}, false), false);
  const GreyImage with = draw_frame({.cards = {{.text = ticket, .angle = 17}}, .noise = 4});
  const GreyImage without = draw_frame({.noise = 4});
  add_file("jpeg", as_jpeg(with, JpegKind::colour), true);
  add_file("jpeg_none", as_jpeg(without, JpegKind::colour), false);
  add_file("png", as_png(with), true);
  add_file("pgm", as_pgm(with), true);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
