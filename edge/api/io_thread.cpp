#include "edge/api/io_thread.hpp"

#include <list>
#include <mutex>
#include <thread>
#include <utility>

#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>

namespace gatehouse::api {

struct IoThread::Parts {
  explicit Parts(std::function<void(const std::exception&)> on_escape_)
      : on_escape(std::move(on_escape_)) {}

  struct Repeated {
    Repeated(asio::io_context& io, std::chrono::milliseconds interval_, std::function<void()> work_)
        : timer(io), interval(interval_), work(std::move(work_)) {}
    asio::steady_timer timer;
    const std::chrono::milliseconds interval;
    const std::function<void()> work;

    void arrange() {
      timer.expires_after(interval);
      timer.async_wait([this](const asio::error_code& wrong) {
        if (wrong) return;
        arrange();
        work();
      });
    }
  };

  void run() {
    for (;;) {
      try {
        io->run();
        return;
      } catch (const std::exception& wrong) {
        on_escape(wrong);
      }
    }
  }

  const std::function<void(const std::exception&)> on_escape;
  // Whoever is on another thread posts under the mutex, so that nothing is posted to what is gone.
  std::mutex mutex;
  bool is_running = false;  // protected by mutex
  std::thread thread;
  std::unique_ptr<asio::io_context> io = std::make_unique<asio::io_context>(1);
  std::unique_ptr<asio::steady_timer> once = std::make_unique<asio::steady_timer>(*io);
  std::list<Repeated> repeated;
};

IoThread::IoThread(std::function<void(const std::exception&)> on_escape)
    : parts_(std::make_unique<Parts>(std::move(on_escape))) {}

IoThread::~IoThread() {
  stop([] {});
  clear();
}

asio::io_context& IoThread::context() { return *parts_->io; }

void IoThread::every(std::chrono::milliseconds interval, std::function<void()> work) {
  parts_->repeated.emplace_back(*parts_->io, interval, std::move(work));
  parts_->repeated.back().arrange();
}

void IoThread::start(std::function<void()> first) {
  {
    const std::scoped_lock lock(parts_->mutex);
    parts_->is_running = true;
  }
  parts_->thread = std::thread([this, begin = std::move(first)] {
    begin();
    parts_->run();
  });
}

void IoThread::post(std::function<void()> work) {
  const std::scoped_lock lock(parts_->mutex);
  if (parts_->is_running) asio::post(*parts_->io, std::move(work));
}

void IoThread::run_at(std::chrono::steady_clock::time_point when, std::function<void()> work) {
  parts_->once->expires_at(when);
  parts_->once->async_wait([todo = std::move(work)](const asio::error_code& wrong) {
    if (!wrong) todo();
  });
}

bool IoThread::is_running() const { return parts_->thread.joinable(); }

void IoThread::stop(std::function<void()> last) {
  if (!is_running()) return;
  post([this, end = std::move(last)] {
    end();
    parts_->io->stop();
  });
  parts_->thread.join();
  const std::scoped_lock lock(parts_->mutex);
  parts_->is_running = false;
}

void IoThread::clear() {
  parts_->repeated.clear();
  parts_->once.reset();
  parts_->io.reset();
}

}  // namespace gatehouse::api
