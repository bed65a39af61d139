module keyfence.example/go-service

go 1.19
