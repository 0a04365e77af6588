# The commands of this project. Each is one script; what it does and why stands there.
.PHONY: help run test check bench messages lock clean
.DEFAULT_GOAL := help

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile | expand -t 18

run: ## Start the portal with demo data (PORT=8000)
	@sh deploy/local/run.sh

test: ## Run every check and every test (ARGS="-k word" for some of the tests)
	@sh deploy/local/check.sh
	@sh deploy/local/test.sh $(ARGS)

check: ## Run the checks only: layout, types, imports, templates, settings
	@sh deploy/local/check.sh

bench: ## Measure the speed of pages and show the figures
	@sh deploy/local/test.sh -s tests/bench $(ARGS)

messages: ## Collect the texts to translate, and compile the translations
	@sh deploy/local/messages.sh

lock: ## Write the lists of exact packages again (ARGS=--upgrade for newer ones)
	@sh deploy/local/lock.sh $(ARGS)

clean: ## Remove what can be made again; keeps the database and your password
	rm -rf var/venv var/venv.stamp var/pycache var/packages var/checks var/test var/cache var/static var/log
